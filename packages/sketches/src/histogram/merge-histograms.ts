import { addCounts } from "./add-counts.ts";
import type { HistogramCounts } from "./explicit-histogram.ts";
import { finiteSum } from "./finite-sum.ts";
import { requireEqualBoundaries } from "./require-equal-boundaries.ts";

/**
 * Adds two histograms on the same boundaries. Counts are whole numbers, so merging is associative and commutative to the
 * bit, in any order and grouping, up to 2^53; `sum` is a floating-point sum and is commutative only.
 *
 * @throws RangeError where the boundaries differ.
 */
export function mergeHistograms(left: HistogramCounts, right: HistogramCounts): HistogramCounts {
  const { boundaries, counts } = left;
  requireEqualBoundaries(boundaries, right.boundaries);
  return {
    boundaries,
    counts: addCounts(counts, right.counts),
    count: left.count + right.count,
    sum: finiteSum(left.sum + right.sum),
  };
}
