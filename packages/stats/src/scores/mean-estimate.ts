import { sumOf } from "../descriptive/sum-of.ts";
import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";

/** Values with weights; three arrays of one length. */
export interface WeightedValues {
  readonly values: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** Per value, the sum of its rows' squared weights. */
  readonly squaredWeights: ArrayLike<number>;
}

/**
 * Weighted mean sum(w x) / sum(w), with a normal 95 % interval of linearised variance.
 *
 * The variance is n / (n - 1) sum(w^2 (x - mean)^2) / (sum w)^2 with n the effective size (sum w)^2 / sum w^2: the
 * usual s^2 / n for equal weights. Sums are compensated (Neumaier) and run in the order given.
 *
 * @param sample finite values, weights of at least 0.
 * @param limits smallest and largest value that the mean can take; they cut the interval.
 * @returns nulls without weight; no interval and no standard error where the effective size is at most 1.
 * Source: C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), section 5.7.
 * @example meanEstimate({ values: [1, 2, 3], weights: [1, 1, 1], squaredWeights: [1, 1, 1] }) // value 2, standardError 0.577
 */
export function meanEstimate(
  sample: WeightedValues,
  limits: readonly [number, number] = [-Infinity, Infinity],
): Estimate {
  const { values, weights, squaredWeights } = sample;
  const weight = sumOf(weights.length, (i) => weights[i]!);
  if (!(weight > 0)) return NO_ESTIMATE;
  const value = sumOf(values.length, (i) => weights[i]! * values[i]!) / weight;
  if (!Number.isFinite(value)) return NO_ESTIMATE;
  const size = (weight * weight) / sumOf(squaredWeights.length, (i) => squaredWeights[i]!);
  const standardError = meanStandardError(sample, value, weight, size);
  if (standardError === null) return { value, lower: null, upper: null, standardError: null };
  return {
    value,
    lower: Math.max(limits[0], value - NORMAL_95 * standardError),
    upper: Math.min(limits[1], value + NORMAL_95 * standardError),
    standardError,
  };
}

function meanStandardError(sample: WeightedValues, mean: number, weight: number, size: number): number | null {
  if (!(size > 1 + 1e-12)) return null;
  const spread = sumOf(sample.values.length, (i) => sample.squaredWeights[i]! * (sample.values[i]! - mean) ** 2);
  const standardError = Math.sqrt((spread * size) / (size - 1)) / weight;
  return Number.isFinite(standardError) ? standardError : null;
}
