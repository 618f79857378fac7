import { exactQuantile } from "../descriptive/exact-quantile.ts";

/** Inner edges of at most so many bins that hold as many values each: the quantiles k/bins, distinct and rising. */
export function binEdges(values: ArrayLike<number>, bins: number): number[] {
  const sorted = Float64Array.from(values).sort();
  return [...new Set(Array.from({ length: bins - 1 }, (_, k) => exactQuantile(sorted, (k + 1) / bins)))];
}

/** Number of edges at or below a value: one on an edge belongs above it. Cost O(log edges). */
export function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
