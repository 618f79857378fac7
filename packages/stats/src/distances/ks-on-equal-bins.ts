import { requireSample } from "../tests/require-sample.ts";
import { equalWidthEdges } from "./equal-width-edges.ts";
import { histogramCounts } from "./histogram-counts.ts";

/**
 * NannyML's estimate of the Kolmogorov-Smirnov statistic for references of 10,000 rows and more: the largest difference of the
 * distribution functions at the upper edges of equal bins over the reference's range.
 *
 * Offered to reproduce NannyML. It is a lower bound of the statistic, and a poor one for skewed values, most of which share a bin;
 * `ksFromBins` on quantile boundaries gives bounds on both sides.
 *
 * @param reference raw finite values, at least one.
 * @param window raw values, at least one.
 * @param bins default 10,000.
 * @returns in [0, 1].
 * @throws RangeError where a sample is empty or holds NaN, or the reference's range is not finite.
 * @example ksOnEqualBins([0, 1, 2, 3], [2, 3, 4, 5]) // 0.5
 */
export function ksOnEqualBins(reference: ArrayLike<number>, window: ArrayLike<number>, bins = 10_000): number {
  requireSample("window", window);
  const edges = edgesOf(reference, bins);
  const counts = [reference, window].map((values) => histogramCounts(values, edges).counts) as [number[], number[]];
  let largest = 0;
  let ofReference = 0;
  let ofWindow = countBelow(window, edges[0]!);
  for (let bin = 0; bin + 1 < edges.length; bin++) {
    ofReference += counts[0][bin]!;
    ofWindow += counts[1][bin]!;
    largest = Math.max(largest, Math.abs(ofReference / reference.length - ofWindow / window.length));
  }
  return largest;
}

/** Where all reference values are equal, the two functions are compared just below and at that value. */
function edgesOf(reference: ArrayLike<number>, bins: number): number[] {
  requireSample("reference", reference);
  const value = reference[0]!;
  const isConstant = Array.from(reference).every((other) => other === value);
  return isConstant ? [value, value, value] : equalWidthEdges(reference, bins);
}

function countBelow(values: ArrayLike<number>, limit: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! < limit) count += 1;
  return count;
}
