import type { HistogramCounts } from "../histogram/explicit-histogram.ts";
import { MAX_TABLE_SCALE } from "../histogram/exponential-bucket-index.ts";
import type { ExponentialCounts } from "../histogram/exponential-histogram.ts";
import type { WeightedCounts } from "../histogram/weighted-histogram.ts";

const MIN_NORMAL = 2 ** -1022;

/** A quantile as far as bins tell. */
export interface QuantileBounds {
  /** Best guess within the bounds. */
  readonly value: number;
  /** Certified: the sample's quantile (the smallest x with F(x) >= p) is not below `lower` and not above `upper`. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Quantile of the values that an explicit or a weighted histogram has counted: certified bounds are the edges of its bin (infinite at the
 * ends), the value lies between them in a straight line. With weights F is the share of the weight.
 *
 * @param p in [0, 1].
 * @throws RangeError where p is not, or nothing was counted.
 */
export function explicitQuantile(histogram: HistogramCounts | WeightedCounts, p: number): QuantileBounds {
  const { boundaries } = histogram;
  const counts = "weights" in histogram ? histogram.weights : histogram.counts;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const rank = rankOf(p, total);
  let bin = 0;
  let below = 0;
  // The first bin with rows that reaches the rank; of equal rounding, the sum of all always does.
  while (bin < boundaries.length && (counts[bin] === 0 || below + counts[bin]! < rank)) below += counts[bin++]!;
  const lower = boundaries[bin - 1] ?? Number.NEGATIVE_INFINITY;
  const upper = boundaries[bin] ?? Number.POSITIVE_INFINITY;
  const within = (rank - below) / counts[bin]!;
  const isClosed = Number.isFinite(lower) && Number.isFinite(upper);
  const value = isClosed ? lower + within * (upper - lower) : Number.isFinite(upper) ? upper : lower;
  return { value, lower, upper };
}

/**
 * Quantile of the values that an exponential histogram has counted: a quantile sketch with relative error. With base = 2^(2^-scale) the
 * value is off by a factor of at most sqrt(base): 4.4 % at 160 buckets over a factor of 10^6. The bounds are the bucket's edges; those of
 * subnormal numbers, which count as the smallest normal one, reach to 0.
 *
 * @param p in [0, 1].
 * @throws RangeError where p is not, or nothing was counted.
 * Source: C. Masson, J. Rim, H. Lee, VLDB 12 (2019), doi:10.14778/3352063.3352135 (quantiles from logarithmic buckets).
 */
export function exponentialQuantile(histogram: ExponentialCounts, p: number): QuantileBounds {
  const { scale, positive, negative, zeroCount, count } = histogram;
  const rank = Math.max(1, Math.ceil(rankOf(p, count)));
  let below = 0;
  for (let i = negative.counts.length - 1; i >= 0; i--) {
    below += negative.counts[i]!;
    if (below >= rank) {
      const { value, lower, upper } = magnitudesOf(negative.offset + i, scale);
      return { value: -value, lower: -upper, upper: 0 - lower };
    }
  }
  below += zeroCount;
  if (below >= rank) return { value: 0, lower: 0, upper: 0 };
  for (let i = 0; i < positive.counts.length; i++) {
    below += positive.counts[i]!;
    if (below >= rank) return magnitudesOf(positive.offset + i, scale);
  }
  throw new RangeError(`count is ${count}, but the buckets hold ${below}`);
}

/** What a bucket holds. The geometric middle is off by the same factor on both sides. */
function magnitudesOf(index: number, scale: number): QuantileBounds {
  // By the logarithm that finds fine buckets, a value on an edge may be in the next one.
  const slack = scale > MAX_TABLE_SCALE ? 2 ** -40 : 0;
  const edge = edgeOf(index, scale);
  const lower = edge < MIN_NORMAL ? 0 : edge * (1 - slack);
  const upper = Math.min(Number.MAX_VALUE, edgeOf(index + 1, scale) * (1 + slack));
  const middle = 2 ** ((index + 0.5) * 2 ** -scale);
  return { value: Math.min(Math.max(middle, lower, MIN_NORMAL), upper), lower, upper };
}

/** base^index, with the roundings of the boundaries that counted. */
function edgeOf(index: number, scale: number): number {
  const octaves = index * 2 ** -scale;
  const whole = Math.floor(octaves);
  return 2 ** whole * 2 ** (octaves - whole);
}

/** p n, from 0 to n. */
function rankOf(p: number, count: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}; expected a probability in [0, 1]`);
  if (!(count > 0 && count < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`count is ${count}; a quantile needs at least one value`);
  }
  return p * count;
}
