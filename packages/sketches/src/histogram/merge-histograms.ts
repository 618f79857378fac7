import { addCounts } from "./add-counts.ts";
import type { HistogramCounts } from "./explicit-histogram.ts";

/**
 * Adds two histograms on the same boundaries. Counts are whole numbers, so merging is associative and commutative to the
 * bit, in any order and grouping, up to 2^53; `sum` is a floating-point sum and is commutative only.
 *
 * @throws RangeError where the boundaries differ.
 */
export function mergeHistograms(left: HistogramCounts, right: HistogramCounts): HistogramCounts {
  const { boundaries, counts } = left;
  if (!areEqual(boundaries, right.boundaries)) {
    throw new RangeError("boundaries of the two histograms differ; only histograms on the same boundaries add up");
  }
  return {
    boundaries,
    counts: addCounts(counts, right.counts),
    count: left.count + right.count,
    sum: left.sum + right.sum,
  };
}

function areEqual(left: Float64Array, right: Float64Array): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
