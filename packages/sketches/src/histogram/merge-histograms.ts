import type { HistogramCounts } from "./explicit-histogram.ts";

/**
 * Adds two histograms on the same boundaries. Counts are whole numbers, so merging is associative and commutative to the
 * bit, in any order and grouping, up to 2^53; `sum` is a floating-point sum and is commutative only.
 *
 * @throws RangeError where the boundaries differ.
 */
export function mergeHistograms(left: HistogramCounts, right: HistogramCounts): HistogramCounts {
  const { boundaries } = left;
  if (boundaries.length !== right.boundaries.length || boundaries.some((edge, i) => edge !== right.boundaries[i])) {
    throw new RangeError("boundaries of the two histograms differ; only histograms on the same boundaries add up");
  }
  return {
    boundaries,
    counts: left.counts.map((count, bin) => count + right.counts[bin]!),
    count: left.count + right.count,
    sum: left.sum + right.sum,
  };
}
