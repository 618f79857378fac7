/** A quantile read from a histogram, with the bucket that certainly holds it. */
export interface HistogramQuantile {
  readonly value: number;
  readonly lower: number;
  /** Null where the quantile lies above the last boundary. */
  readonly upper: number | null;
}

/**
 * Quantile of a histogram with explicit boundaries, by linear interpolation within the bucket that holds it.
 *
 * The bucket's edges are certain bounds. Below the first boundary the lower edge is 0 (durations); above the last one
 * the value is that boundary, the largest number known.
 *
 * @param boundaries ascending, in the unit of the answer.
 * @param counts boundaries.length + 1.
 * @param probability in (0, 1).
 * @returns null for an empty histogram, or one without boundaries.
 * @example histogramQuantile([1, 2], [0, 10, 0], 0.5) // { value: 1.5, lower: 1, upper: 2 }
 */
export function histogramQuantile(
  boundaries: readonly number[],
  counts: readonly number[],
  probability: number,
): HistogramQuantile | null {
  let total = 0;
  for (const count of counts) total += count;
  const last = boundaries.at(-1);
  if (total === 0 || last === undefined) return null;
  const rank = probability * total;
  let below = 0;
  for (let bucket = 0; bucket < boundaries.length; bucket++) {
    const count = counts[bucket] ?? 0;
    if (count > 0 && below + count >= rank) {
      const upper = boundaries[bucket]!;
      const lower = bucket === 0 ? Math.min(0, upper) : boundaries[bucket - 1]!;
      return { value: lower + ((upper - lower) * (rank - below)) / count, lower, upper };
    }
    below += count;
  }
  return { value: last, lower: last, upper: null };
}
