export interface MeanBoundOptions {
  /** Probability that the mean is above the bound, in (0, 1). */
  readonly alpha: number;
  /** Width of the range of the values. Default 1. */
  readonly rangeWidth?: number;
}

/** What the bound needs of the values. */
export interface ValueMoments {
  /** Independent values, at least 2; dependent ones as their effective number, which need not be whole. */
  readonly count: number;
  readonly mean: number;
  /** Sample variance, of divisor n - 1. */
  readonly variance: number;
}

/**
 * `meanUpperBound` from moments alone.
 *
 * @throws RangeError naming the argument out of its domain.
 * @example meanUpperBoundOf({ count: 2000, mean: 0.5, variance: 0.25 }, { alpha: 0.05 }) // 0.5347
 */
export function meanUpperBoundOf(
  { count, mean, variance }: ValueMoments,
  { alpha, rangeWidth = 1 }: MeanBoundOptions,
): number {
  if (!(count >= 2)) throw new RangeError(`count is ${count}; expected at least 2`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a probability in (0, 1)`);
  if (!(rangeWidth > 0 && rangeWidth < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`rangeWidth is ${rangeWidth}; expected a finite width above 0`);
  }
  const logTerm = Math.log(2 / alpha);
  return mean + Math.sqrt((2 * variance * logTerm) / count) + (7 * rangeWidth * logTerm) / (3 * (count - 1));
}
