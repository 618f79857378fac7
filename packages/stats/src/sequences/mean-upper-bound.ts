import { sumOf } from "../descriptive/sum-of.ts";

export interface MeanBoundOptions {
  /** Probability that the mean is above the bound, in (0, 1). */
  readonly alpha: number;
  /** Width of the range of the values. Default 1. */
  readonly rangeWidth?: number;
}

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
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a probability in (0, 1)`);
  if (!(rangeWidth > 0 && rangeWidth < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`rangeWidth is ${rangeWidth}; expected a finite width above 0`);
  }
  const mean = sumOf(n, (i) => values[i]!) / n;
  const variance = sumOf(n, (i) => (values[i]! - mean) ** 2) / (n - 1);
  if (!Number.isFinite(variance))
    throw new RangeError("values holds a number that is not finite, or the sum overflows");
  const logTerm = Math.log(2 / alpha);
  return mean + Math.sqrt((2 * variance * logTerm) / n) + (7 * rangeWidth * logTerm) / (3 * (n - 1));
}
