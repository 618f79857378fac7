import { sharesOf } from "./shares.ts";

/** Rows that an empty bin is taken to hold. */
const EMPTY_BIN_ROWS = 0.5;

/**
 * Population stability index of two histograms on the same bins: sum over bins of (q - p) ln(q / p), q the window's shares
 * and p the reference's.
 *
 * A bin that is empty on one side only is taken to hold half a row there, so the index stays finite; all other bins are
 * left as they are (shares are not renormalised). A bin empty on both sides adds nothing.
 *
 * @param window counts, at least one row; weights are allowed.
 * @param reference counts on the same bins.
 * @returns 0 where the shares are equal, else positive; about (1/n + 1/m) times a chi-square variable with bins - 1 degrees
 * of freedom where nothing changed, which is why it is no verdict: see `judgeWindow`.
 * @throws RangeError where the bins differ, a count is negative or not finite, or a side is empty.
 */
export function psiFromCounts(window: readonly number[], reference: readonly number[]): number {
  const shares = sharesOf(window, reference);
  const half = { window: EMPTY_BIN_ROWS / sumOf(window), reference: EMPTY_BIN_ROWS / sumOf(reference) };
  let psi = 0;
  for (let bin = 0; bin < window.length; bin++) {
    if (window[bin] === 0 && reference[bin] === 0) continue;
    const q = shares.window[bin]! || half.window;
    const p = shares.reference[bin]! || half.reference;
    psi += (q - p) * Math.log(q / p);
  }
  return psi;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
