import { sumOf } from "../descriptive/sum-of.ts";
import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";
import { meanEstimate, type WeightedValues } from "./mean-estimate.ts";
import { weightedQuantile } from "./weighted-quantile.ts";
import { type RowWeight, squaredWeightOf } from "./weighted-rows.ts";

/** Rows with equal prediction and truth. */
export interface RegressionGroup extends RowWeight {
  readonly predicted: number;
  readonly actual: number;
}

/** Scores of a regression model, each with its 95 % interval; errors are predicted - actual, in the unit of the target. */
export interface RegressionScores {
  /** Mean of |error|. */
  readonly mae: Estimate;
  /** Mean of error^2, in the unit squared. */
  readonly mse: Estimate;
  readonly rmse: Estimate;
  /** Mean of |error| / max(|actual|, 2^-52): a ratio, not a percentage. */
  readonly mape: Estimate;
  readonly medianAbsoluteError: Estimate;
  /** Mean of error. */
  readonly bias: Estimate;
  /** 1 - sum error^2 / sum (actual - mean actual)^2; at most 1. */
  readonly r2: Estimate;
  /** 1 - variance of error / variance of actual: R2 without the bias. */
  readonly explainedVariance: Estimate;
  /** Mean of (ln(1 + predicted) - ln(1 + actual))^2. */
  readonly meanSquaredLogError: Estimate;
  readonly rootMeanSquaredLogError: Estimate;
  /** Largest |error|; an extreme has no normal interval. */
  readonly maxError: number | null;
}

/**
 * Scores of a regression model on weighted groups of rows; values equal scikit-learn's on the single rows.
 *
 * Intervals: normal for means; square roots of the MSE's limits for RMSE (standard error by the delta method); Woodruff's
 * for the median (the quantiles at 0.5 +- z / (2 sqrt n)); linearised for R2.
 *
 * @param groups in one fixed (sorted) order, in which the sums run. Groups of weight 0 do not count.
 * @returns nulls without rows; R2 and explained variance are null where all outcomes are equal, the logarithmic errors where a
 *   prediction or an outcome is at most -1.
 * @throws RangeError naming the weight, count, prediction or outcome that is negative or not finite.
 * Sources: meanEstimate; R. S. Woodruff, JASA 47 (1952), doi:10.1080/01621459.1952.10483443 for the median.
 * @example regressionScores([{ predicted: 3, actual: 1, weight: 1 }]).mae.value // 2
 */
export function regressionScores(groups: readonly RegressionGroup[]): RegressionScores {
  const rows = weightedErrors(groups);
  const mse = mean(rows, (error) => error * error, [0, Infinity]);
  const logarithmic = groups.every(({ predicted, actual }) => predicted > -1 && actual > -1);
  const logError = (error: number, actual: number) => (Math.log1p(actual + error) - Math.log1p(actual)) ** 2;
  const meanSquaredLogError = logarithmic ? mean(rows, logError, [0, Infinity]) : NO_ESTIMATE;
  return {
    mae: mean(rows, Math.abs, [0, Infinity]),
    mse,
    rmse: squareRoot(mse),
    mape: mean(rows, (error, actual) => Math.abs(error) / Math.max(Math.abs(actual), Number.EPSILON), [0, Infinity]),
    medianAbsoluteError: median(rows),
    bias: mean(rows, (error) => error, [-Infinity, Infinity]),
    r2: explained(rows, 0),
    explainedVariance: explained(rows, mean(rows, (error) => error, [-Infinity, Infinity]).value ?? 0),
    meanSquaredLogError,
    rootMeanSquaredLogError: squareRoot(meanSquaredLogError),
    maxError: rows.values.length === 0 ? null : rows.values.reduce((most, error) => Math.max(most, Math.abs(error)), 0),
  };
}

interface Errors extends WeightedValues {
  readonly values: readonly number[];
  readonly weights: readonly number[];
  readonly squaredWeights: readonly number[];
  readonly actual: readonly number[];
}

function weightedErrors(groups: readonly RegressionGroup[]): Errors {
  const [values, weights, squaredWeights, actual]: number[][] = [[], [], [], []];
  groups.forEach((group, index) => {
    const squared = squaredWeightOf(group, index);
    for (const member of ["predicted", "actual"] as const) {
      if (!Number.isFinite(group[member])) {
        throw new RangeError(`groups[${index}].${member} is ${group[member]}; expected a finite number`);
      }
    }
    if (group.weight === 0) return;
    values!.push(group.predicted - group.actual);
    weights!.push(group.weight);
    squaredWeights!.push(squared);
    actual!.push(group.actual);
  });
  return { values: values!, weights: weights!, squaredWeights: squaredWeights!, actual: actual! };
}

function mean(
  rows: Errors,
  of: (error: number, actual: number) => number,
  limits: readonly [number, number],
): Estimate {
  return meanEstimate({ ...rows, values: rows.values.map((error, i) => of(error, rows.actual[i]!)) }, limits);
}

function squareRoot({ value, lower, upper, standardError }: Estimate): Estimate {
  if (value === null) return NO_ESTIMATE;
  const root = Math.sqrt(value);
  return {
    value: root,
    lower: lower === null ? null : Math.sqrt(lower),
    upper: upper === null ? null : Math.sqrt(upper),
    standardError: standardError === null ? null : root === 0 ? 0 : standardError / (2 * root),
  };
}

function median(rows: Errors): Estimate {
  const sizes = rows.values.map(Math.abs);
  const value = weightedQuantile(sizes, rows.weights, 0.5);
  const total = sumOf(rows.weights.length, (i) => rows.weights[i]!);
  const effective = total ** 2 / sumOf(rows.weights.length, (i) => rows.squaredWeights[i]!);
  const half = NORMAL_95 / (2 * Math.sqrt(effective));
  if (value === null || !(half < 0.5)) return { ...NO_ESTIMATE, value };
  const lower = weightedQuantile(sizes, rows.weights, 0.5 - half)!;
  const upper = weightedQuantile(sizes, rows.weights, 0.5 + half)!;
  return { value, lower, upper, standardError: (upper - lower) / (2 * NORMAL_95) };
}

/** 1 - sum (error - center)^2 / sum (actual - mean actual)^2, linearised for its standard error. */
function explained(rows: Errors, errorCenter: number): Estimate {
  const total = sumOf(rows.weights.length, (i) => rows.weights[i]!);
  const center = sumOf(rows.actual.length, (i) => rows.weights[i]! * rows.actual[i]!) / total;
  const spread = sumOf(rows.actual.length, (i) => rows.weights[i]! * (rows.actual[i]! - center) ** 2);
  const residual = sumOf(rows.values.length, (i) => rows.weights[i]! * (rows.values[i]! - errorCenter) ** 2);
  const value = 1 - residual / spread;
  if (!Number.isFinite(value) || rows.actual.every((actual) => actual === rows.actual[0])) return NO_ESTIMATE;
  const influence = rows.values.map(
    (error, i) =>
      -(((error - errorCenter) ** 2 - (residual / spread) * (rows.actual[i]! - center) ** 2) * total) / spread,
  );
  const { standardError } = meanEstimate({ ...rows, values: influence });
  if (standardError === null) return { ...NO_ESTIMATE, value };
  const half = NORMAL_95 * standardError;
  return { value, lower: value - half, upper: Math.min(1, value + half), standardError };
}

/**
 * Pinball (quantile) loss, the mean of max(alpha (actual - predicted), (alpha - 1) (actual - predicted)), with a normal 95 % interval.
 *
 * @param groups as for regressionScores; `predicted` is the model's alpha-quantile.
 * @param alpha in (0, 1); 0.5 gives half the mean absolute error.
 * @returns nulls without rows.
 * @throws RangeError naming the member that is negative or not finite, or alpha.
 * Source: R. Koenker, G. Bassett, Econometrica 46 (1978), doi:10.2307/1913643.
 * @example pinballLoss([{ predicted: 1, actual: 3, weight: 1 }], 0.9).value // 1.8
 */
export function pinballLoss(groups: readonly RegressionGroup[], alpha: number): Estimate {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a number in (0, 1)`);
  const loss = (error: number) => Math.max(-alpha * error, (1 - alpha) * error);
  return mean(weightedErrors(groups), loss, [0, Infinity]);
}
