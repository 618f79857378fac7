import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";

/** Step of the central differences, relative to the total weight: error about its square. */
const STEP = 1e-5;

/**
 * A smooth function of cell weights with a normal 95 % interval by the delta method.
 *
 * For a function that does not change when all weights are multiplied alike (every score of a confusion matrix), the
 * linearised variance is sum over cells of squaredWeight (d f / d weight)^2; derivatives by central differences.
 *
 * @param weights total weight by cell, of at least 0.
 * @param squaredWeights per cell, the sum of its rows' squared weights.
 * @param score of the weights; null where it does not exist.
 * @param limits smallest and largest value of the score; they cut the interval.
 * @returns nulls where the score does not exist; no interval where it does not exist nearby.
 * Source: C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), section 5.5.
 * @example deltaEstimate([9, 1], [9, 1], ([a, b]) => a / (a + b), [0, 1]) // value 0.9, standardError 0.0949
 */
export function deltaEstimate(
  weights: readonly number[],
  squaredWeights: readonly number[],
  score: (weights: readonly number[]) => number | null,
  limits: readonly [number, number],
): Estimate {
  const value = score(weights);
  if (value === null) return NO_ESTIMATE;
  const step = STEP * weights.reduce((sum, weight) => sum + weight, 0);
  let variance = 0;
  for (let cell = 0; cell < weights.length; cell++) {
    if (squaredWeights[cell] === 0) continue;
    const half = Math.min(step, weights[cell]! / 2);
    const above = score(weights.with(cell, weights[cell]! + half));
    const below = score(weights.with(cell, weights[cell]! - half));
    if (above === null || below === null) return { ...NO_ESTIMATE, value };
    variance += squaredWeights[cell]! * ((above - below) / (2 * half)) ** 2;
  }
  const standardError = Math.sqrt(variance);
  return {
    value,
    lower: Math.max(limits[0], value - NORMAL_95 * standardError),
    upper: Math.min(limits[1], value + NORMAL_95 * standardError),
    standardError,
  };
}
