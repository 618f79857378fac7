import { sharesOf } from "./shares.ts";

/**
 * Jensen-Shannon distance with base 2 of two histograms on the same bins: the square root of
 * H((p + q) / 2) - (H(p) + H(q)) / 2 in bits. Empty bins need no treatment.
 *
 * @returns a metric in [0, 1]: 0 for equal shares, 1 where no bin is shared.
 * @throws RangeError where the bins differ, a count is negative or not finite, or a side is empty.
 */
export function jsDistanceFromCounts(window: readonly number[], reference: readonly number[]): number {
  const shares = sharesOf(window, reference);
  let divergence = 0;
  for (let bin = 0; bin < window.length; bin++) {
    const q = shares.window[bin]!;
    const p = shares.reference[bin]!;
    const middle = (p + q) / 2;
    if (q > 0) divergence += q * Math.log2(q / middle);
    if (p > 0) divergence += p * Math.log2(p / middle);
  }
  return Math.sqrt(Math.min(1, Math.max(0, divergence / 2)));
}
