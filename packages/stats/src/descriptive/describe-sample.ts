import { sum as compensatedSum, medianSorted } from "simple-statistics";
import { requireSample } from "../tests/require-sample.ts";
import { sumOf } from "./sum-of.ts";

/** Moments and order statistics of a sample; null where they do not exist. */
export interface SampleDescription {
  readonly count: number;
  /** Null where the values hold both infinities; so is the mean. */
  readonly sum: number | null;
  readonly mean: number | null;
  /** Sum of squared deviations / count; null where a value is infinite. */
  readonly populationVariance: number | null;
  /** Sum of squared deviations / (count - 1); null for one value, or where one is infinite. */
  readonly variance: number | null;
  readonly standardDeviation: number | null;
  /** m3 / m2^1.5, not corrected for bias; null without variance. */
  readonly skewness: number | null;
  /** m4 / m2^2 - 3, not corrected for bias; null without variance. */
  readonly excessKurtosis: number | null;
  readonly min: number;
  readonly max: number;
  readonly median: number;
}

/**
 * Describes a sample by its moments, minimum, maximum and median.
 *
 * Sums are compensated and moments are taken about the mean, so an offset of 1e9 costs no digits. What overflows a double is infinite
 * or, where it would be NaN, null.
 *
 * @param values raw values, at least one.
 * @throws RangeError where the sample is empty or holds NaN.
 * @example describeSample([1, 2, 3]) // mean 2, variance 1, skewness 0, median 2
 */
export function describeSample(values: ArrayLike<number>): SampleDescription {
  requireSample("values", values);
  const count = values.length;
  const sorted = Float64Array.from(values).sort();
  const [min, max] = [sorted[0]!, sorted[count - 1]!];
  const sum = compensatedSum(Array.from(values));
  const mean = Number.isFinite(sum) ? sum / count : sumOf(count, (i) => values[i]! / count);
  const moment = (power: number) => (min === max ? 0 : sumOf(count, (i) => (values[i]! - mean) ** power) / count);
  const populationVariance = moment(2);
  const variance = count === 1 ? null : numberOrNull((populationVariance * count) / (count - 1));
  return {
    count,
    sum: numberOrNull(sum),
    mean: numberOrNull(mean),
    populationVariance: numberOrNull(populationVariance),
    variance,
    standardDeviation: variance === null ? null : Math.sqrt(variance),
    skewness: finiteOrNull(moment(3) / populationVariance ** 1.5),
    excessKurtosis: finiteOrNull(moment(4) / populationVariance ** 2 - 3),
    min,
    max,
    median: medianSorted(Array.from(sorted)),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
