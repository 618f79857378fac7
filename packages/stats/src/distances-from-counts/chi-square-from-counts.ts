import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import { sharesOf } from "./shares.ts";

export interface ChiSquareResult {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Chi-square test of homogeneity of two histograms on the same bins: Pearson's sum over both rows of (observed - expected)^2
 * / expected. Trustworthy from about 5 expected rows a bin; independent rows assumed.
 *
 * @param window counts, at least one row.
 * @param reference counts on the same bins.
 * @returns degrees of freedom: bins with a row on either side, less one; with a single such bin statistic 0 and p = 1.
 * @throws RangeError where the bins differ, a count is negative or not finite, or a side is empty.
 */
export function chiSquareFromCounts(window: readonly number[], reference: readonly number[]): ChiSquareResult {
  const shares = sharesOf(window, reference);
  const windowRows = window.reduce((sum, count) => sum + count, 0);
  const referenceRows = reference.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  let used = 0;
  for (let bin = 0; bin < window.length; bin++) {
    const pooled = (window[bin]! + reference[bin]!) / (windowRows + referenceRows);
    if (pooled === 0) continue;
    used += 1;
    statistic += (shares.window[bin]! - shares.reference[bin]!) ** 2 / pooled;
  }
  statistic *= 1 / (1 / windowRows + 1 / referenceRows);
  const degreesOfFreedom = used - 1;
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1 };
  return { statistic, degreesOfFreedom, pValue: chiSquareUpperTail(statistic, degreesOfFreedom) };
}
