import { sharesOf } from "./shares.ts";

/**
 * Total variation of two histograms on the same bins: half the sum of |q - p|, the share of rows that would have to move.
 *
 * @returns in [0, 1]; of raw values it is a lower bound.
 * @throws RangeError where the bins differ, a count is negative or not finite, or a side is empty.
 */
export function totalVariationFromCounts(window: readonly number[], reference: readonly number[]): number {
  const shares = sharesOf(window, reference);
  let distance = 0;
  for (let bin = 0; bin < window.length; bin++) distance += Math.abs(shares.window[bin]! - shares.reference[bin]!);
  return Math.min(1, distance / 2);
}
