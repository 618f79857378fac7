import type { HistogramCounts } from "../histogram/explicit-histogram.ts";
import type { ExponentialCounts } from "../histogram/exponential-histogram.ts";

/** A quantile as far as bins tell. */
export interface QuantileBounds {
  /** Best guess within the bounds. */
  readonly value: number;
  /** Certified: the sample's quantile (the smallest x with F(x) >= p) is not below `lower` and not above `upper`. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Quantile of the values that an explicit histogram has counted: certified bounds are the edges of its bin (infinite at the ends),
 * the value lies between them in a straight line.
 *
 * @param p in [0, 1].
 * @throws RangeError where p is not, or nothing was counted.
 */
export function explicitQuantile({ boundaries, counts, count }: HistogramCounts, p: number): QuantileBounds {
  const rank = rankOf(p, count);
  let below = 0;
  let bin = 0;
  while (below + counts[bin]! < rank) below += counts[bin++]!;
  const lower = boundaries[bin - 1] ?? Number.NEGATIVE_INFINITY;
  const upper = boundaries[bin] ?? Number.POSITIVE_INFINITY;
  const within = (rank - below) / counts[bin]!;
  const isClosed = Number.isFinite(lower) && Number.isFinite(upper);
  const value = isClosed ? lower + within * (upper - lower) : Number.isFinite(upper) ? upper : lower;
  return { value, lower, upper };
}

/**
 * Quantile of the values that an exponential histogram has counted: a quantile sketch with relative error. With base = 2^(2^-scale) the
 * value is off by a factor of at most sqrt(base): 4.4 % at 160 buckets over a factor of 10^6; the bounds are the bucket's edges.
 *
 * @param p in [0, 1].
 * @throws RangeError where p is not, or nothing was counted.
 * Source: C. Masson, J. Rim, H. Lee, VLDB 12 (2019), doi:10.14778/3352063.3352135 (quantiles from logarithmic buckets).
 */
export function exponentialQuantile(histogram: ExponentialCounts, p: number): QuantileBounds {
  const { scale, positive, negative, zeroCount, count } = histogram;
  const rank = rankOf(p, count);
  const edge = (index: number) => 2 ** (index * 2 ** -scale);
  let below = 0;
  for (let i = negative.counts.length - 1; i >= 0; i--) {
    below += negative.counts[i]!;
    if (below >= rank) return between(-edge(negative.offset + i + 1), -edge(negative.offset + i));
  }
  below += zeroCount;
  if (below >= rank) return { value: 0, lower: 0, upper: 0 };
  for (let i = 0; i < positive.counts.length; i++) {
    below += positive.counts[i]!;
    if (below >= rank) return between(edge(positive.offset + i), edge(positive.offset + i + 1));
  }
  throw new RangeError(`count is ${count}, but the buckets hold ${below}`);
}

/** From 1 to count. */
function rankOf(p: number, count: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}; expected a probability in [0, 1]`);
  if (!(count > 0)) throw new RangeError(`count is ${count}; a quantile needs at least one value`);
  return Math.max(1, Math.ceil(p * count));
}

/** The geometric middle is off by the same factor on both sides. */
function between(lower: number, upper: number): QuantileBounds {
  const middle = Math.sqrt(Math.abs(lower)) * Math.sqrt(Math.abs(upper));
  return { value: lower < 0 ? -middle : middle, lower, upper };
}
