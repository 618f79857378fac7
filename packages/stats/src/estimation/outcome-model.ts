import { designRows, type EstimationRows, type LabelledEstimationRows, logitColumn } from "./estimation-rows.ts";
import { type CodedRows, linearPredictors, ridgeLogistic, sigmoid } from "./ridge-regression.ts";

/** Reference rows per column of the design below which no outcome model is fitted. */
const ROWS_PER_COLUMN = 20;
const PENALTY = 3;

/**
 * Ridge logistic regression of the outcome on feature codes, score bins and logit(score)/3 (ESTIMATION 1.4).
 *
 * @returns coefficients; null where the reference has fewer than 20 rows a column, and would be learnt by heart.
 */
export function fitOutcomeModel(rows: LabelledEstimationRows, edges: readonly number[]): Float64Array | null {
  const design = modelRows(rows, edges);
  const columns = design.sizes.reduce((sum, size) => sum + size, 2);
  if (design.codes.length < ROWS_PER_COLUMN * columns) return null;
  return ridgeLogistic(design, rows.outcomes, { penalty: PENALTY });
}

/** The model's probability that the outcome of each row is 1. */
export function predictOutcomes(model: Float64Array, rows: EstimationRows, edges: readonly number[]): Float64Array {
  return linearPredictors(modelRows(rows, edges), model).map(sigmoid);
}

function modelRows(rows: EstimationRows, edges: readonly number[]): CodedRows {
  return { ...designRows(rows, edges), numeric: logitColumn(rows.scores) };
}
