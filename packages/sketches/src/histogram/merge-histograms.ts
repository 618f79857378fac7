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
  const merged = new Float64Array(counts);
  const added = right.counts;
  let count = 0;
  for (let bin = 0; bin < merged.length; bin++) {
    const total = merged[bin]! + added[bin]!;
    merged[bin] = total;
    count += total;
  }
  return { boundaries, counts: merged, count, sum: left.sum + right.sum };
}

function areEqual(left: Float64Array, right: Float64Array): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
