/** Counts between edges, and of the values beyond them. */
export interface HistogramCounts {
  /** One count a bin, edges.length - 1. */
  readonly counts: readonly number[];
  /** Values below the first or above the last edge. */
  readonly outside: number;
}

/**
 * Counts values between edges by numpy's rule: a value on an edge belongs to the bin above, the last edge to the last bin.
 *
 * The rule of OTLP and of everything else here is the opposite one; this is for comparison with peers.
 *
 * @param values raw values; infinite ones are outside.
 * @param edges ascending, at least two.
 * @throws RangeError where there are fewer than two edges or a value is NaN.
 * @example histogramCounts([0, 1, 2, 5], [0, 1, 2]) // counts [1, 2], outside 1
 */
export function histogramCounts(values: ArrayLike<number>, edges: readonly number[]): HistogramCounts {
  if (edges.length < 2) throw new RangeError(`edges has ${edges.length} entries; expected at least two`);
  const wrong = edges.findIndex(Number.isNaN);
  if (wrong >= 0) throw new RangeError(`edges[${wrong}] is NaN; expected ascending numbers`);
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) throw new RangeError(`values[${i}] is NaN; drop missing values first`);
    if (value < edges[0]! || value > edges[bins]!) outside += 1;
    else counts[Math.min(bins - 1, edgesUpTo(edges, value) - 1)]! += 1;
  }
  return { counts, outside };
}

/** Edges that are at most `value`. */
function edgesUpTo(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
