import { requireSample } from "../tests/require-sample.ts";
import { equalWidthEdges } from "./equal-width-edges.ts";
import { histogramCounts } from "./histogram-counts.ts";

/**
 * NannyML's estimate of Wasserstein's distance for references of 10,000 rows and more: the area between the distribution functions on
 * equal bins over the reference's range, plus the area of the window's values beyond it.
 *
 * Offered to reproduce NannyML, its rounding included: k values of the window beyond one end count as a share (k + 1) / n, also in the
 * distribution function inside the range, where k / n is right. `wassersteinFromBins` gives certified bounds.
 *
 * @param reference raw finite values, at least one.
 * @param window raw finite values, at least one.
 * @param bins default 10,000.
 * @returns at least 0, in the unit of the values.
 * @throws RangeError where a sample is empty or holds NaN, or the reference's range is not finite.
 * @example wassersteinOnEqualBins([0, 1, 2, 3], [0, 1, 2, 3]) // 0
 */
export function wassersteinOnEqualBins(reference: ArrayLike<number>, window: ArrayLike<number>, bins = 10_000): number {
  requireSample("window", window);
  const edges = equalWidthEdges(reference, bins);
  const [low, high] = [edges[0]!, edges[bins]!];
  const width = edges[1]! - low;
  const sorted = Float64Array.from(window).sort();
  const smaller = sorted.filter((value) => value < low);
  const bigger = sorted.filter((value) => value > high);
  const shareOf = (beyond: Float64Array) => (beyond.length > 0 ? (beyond.length + 1) / window.length : 0);
  const [ofReference, ofWindow] = [reference, window].map((values) => histogramCounts(values, edges).counts);
  let inside = 0;
  let difference = -shareOf(smaller);
  for (let bin = 0; bin < bins; bin++) {
    difference += ofReference![bin]! / reference.length - ofWindow![bin]! / window.length;
    inside += Math.abs(difference) * width;
  }
  const below = areaUpTo([...smaller, low]) * shareOf(smaller);
  const above = areaUpTo([...bigger].reverse().concat(high)) * shareOf(bigger);
  return inside + below + above;
}

/** Area between the distribution function of the points and that of their last one, to which they lead. */
function areaUpTo(points: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) area += (i / points.length) * Math.abs(points[i]! - points[i - 1]!);
  return area;
}
