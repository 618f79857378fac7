/**
 * How a quantile lies between order statistics x(1) <= ... <= x(n). `linear` (Hyndman and Fan's 7, numpy's default), `hazen` (5) and
 * `median-unbiased` (8) interpolate; `nearest`, `lower` and `higher` take an order statistic next to the linear position;
 * `inverse-cdf` (1) is the smallest x with F(x) >= p.
 */
export type QuantileMethod = "linear" | "hazen" | "median-unbiased" | "nearest" | "lower" | "higher" | "inverse-cdf";

/** 0-based position of the quantile p among n sorted values, before it is cut to [0, n - 1]. */
const POSITIONS: Readonly<Record<QuantileMethod, (p: number, n: number) => number>> = {
  linear: (p, n) => p * (n - 1),
  hazen: (p, n) => p * n - 0.5,
  "median-unbiased": (p, n) => p * n + 1 / 3 + p * (1 - 1 / 3 - 1 / 3) - 1,
  nearest: (p, n) => halfToEven(p * (n - 1)),
  lower: (p, n) => Math.floor(p * (n - 1)),
  higher: (p, n) => Math.ceil(p * (n - 1)),
  "inverse-cdf": (p, n) => Math.ceil(p * n) - 1,
};

/**
 * Quantile of sorted values, exactly as numpy computes it.
 *
 * @param sorted ascending numbers, at least one; infinite ones allowed.
 * @param p in [0, 1].
 * @param method see QuantileMethod.
 * @returns between -Infinity and Infinity the nearer of the two, which numpy has NaN for.
 * @throws RangeError where there are no values or p is not in [0, 1].
 * Source: R. J. Hyndman, Y. Fan, The American Statistician 50 (1996), doi:10.2307/2684934.
 * @example exactQuantile([1, 2, 3, 4], 0.5) // 2.5
 */
export function exactQuantile(sorted: ArrayLike<number>, p: number, method: QuantileMethod = "linear"): number {
  const last = sorted.length - 1;
  if (last < 0) throw new RangeError("sorted is empty; expected at least one value");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}; expected a probability in [0, 1]`);
  const position = Math.min(last, Math.max(0, POSITIONS[method](p, sorted.length)));
  const below = Math.floor(position);
  const share = position - below;
  const low = sorted[below]!;
  const high = sorted[share === 0 ? below : below + 1]!;
  if (Number.isNaN(low) || Number.isNaN(high)) throw new RangeError("sorted has NaN; drop missing values first");
  if (share === 0) return low;
  // Beyond a double, or from one infinity: the difference does not exist, the mean of both may.
  if (!Number.isFinite(high - low)) return betweenFar(low, high, share);
  // From the nearer end, so that the result is monotone in p and exact at both ends.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

function betweenFar(low: number, high: number, share: number): number {
  const between = low * (1 - share) + high * share;
  if (!Number.isNaN(between)) return between;
  return share < 0.5 ? low : high;
}

function halfToEven(position: number): number {
  const floor = Math.floor(position);
  if (position - floor !== 0.5) return Math.round(position);
  return floor % 2 === 0 ? floor : floor + 1;
}
