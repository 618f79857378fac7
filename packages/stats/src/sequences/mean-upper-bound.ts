import { sumOf } from "../descriptive/sum-of.ts";
import { type MeanBoundOptions, meanUpperBoundOf } from "./mean-upper-bound-of.ts";

/**
 * One-sided upper confidence bound of the mean of bounded values, for one look and any distribution:
 * mean + sqrt(2 s^2 ln(2/alpha) / n) + 7 width ln(2/alpha) / (3 (n - 1)), s^2 the sample variance (n - 1).
 *
 * @param values independent, in a range of the given width, at least two.
 * @throws RangeError naming the argument out of its domain.
 * Source: A. Maurer, M. Pontil, COLT (2009), theorem 4, arXiv:0907.3740.
 * @example meanUpperBound([0, 1, 0, 1], { alpha: 0.05 }) // 4.15: useless at four values; 0.53 at 2,000
 */
export function meanUpperBound(values: ArrayLike<number>, { alpha, rangeWidth = 1 }: MeanBoundOptions): number {
  const n = values.length;
  if (n < 2) throw new RangeError(`values holds ${n}; expected at least two`);
  const mean = sumOf(n, (i) => values[i]!) / n;
  const variance = sumOf(n, (i) => (values[i]! - mean) ** 2) / (n - 1);
  if (!Number.isFinite(variance))
    throw new RangeError("values holds a number that is not finite, or the sum overflows");
  return meanUpperBoundOf({ count: n, mean, variance }, { alpha, rangeWidth });
}
