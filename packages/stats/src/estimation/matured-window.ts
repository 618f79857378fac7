import { type CalibratedCells, calibrateCells, type LabelSums } from "./calibrate-cells.ts";
import type { EstimatedMetric } from "./cell-metrics.ts";
import type { BackTestedEstimate } from "./estimate-metric.ts";
import type { EstimationReference, MetricValues } from "./estimation-reference.ts";
import type { LabelledEstimationRows } from "./estimation-rows.ts";
import { predictOutcomes } from "./outcome-model.ts";
import { realizedMetrics } from "./realized-metrics.ts";
import { labelSums } from "./score-cells.ts";

/** What the outcomes of a window said once enough were known. */
export interface WindowOutcomes {
  readonly truth: MetricValues;
  readonly labels: LabelSums;
  /** Mean of outcome less the outcome model's probability (the calibrated one where there is no model), and its rows. */
  readonly residual: number;
}

/** A window whose outcomes are known, with what was estimated of it before. */
export interface MaturedWindow extends WindowOutcomes {
  readonly estimate: Readonly<Record<EstimatedMetric, BackTestedEstimate>>;
}

/** Pseudo-rows of the reference's curve in a calibration on recent windows. */
const REFERENCE_ROWS = 2;

/** Truth, labels by cell and mean residual of the window's rows whose outcome is known; at least one. */
export function readOutcomes(reference: EstimationReference, rows: LabelledEstimationRows): WindowOutcomes {
  const { outcomeModel, designEdges, edges } = reference;
  const labels = labelSums(rows, edges);
  const expected =
    outcomeModel === null
      ? sumOver(labels.weight, (weight, c) => weight * reference.calibrated.share[c]!)
      : sumOver(predictOutcomes(outcomeModel, rows, designEdges), (p) => p);
  const known = sumOver(labels.positive, (positive) => positive);
  return { truth: realizedMetrics(rows), labels, residual: (known - expected) / rows.codes.length };
}

/** Calibration on matured windows, newest last, their cells halved every `halfLife` windows, with two pseudo-rows of the reference's curve. */
export function recentLabels(
  reference: EstimationReference,
  matured: readonly Pick<WindowOutcomes, "labels">[],
  halfLife: number,
): CalibratedCells {
  const cells = reference.calibrated.share.length;
  const sums = {
    weight: new Float64Array(cells),
    squaredWeight: new Float64Array(cells),
    positive: new Float64Array(cells),
  };
  discounts(matured.length, halfLife).forEach((discount, j) => {
    const { weight, squaredWeight, positive } = matured[j]!.labels;
    for (let c = 0; c < cells; c++) {
      sums.weight[c]! += discount * weight[c]!;
      sums.squaredWeight[c]! += discount * discount * squaredWeight[c]!;
      sums.positive[c]! += discount * positive[c]!;
    }
  });
  return calibrateCells(sums, reference.calibrated.share, REFERENCE_ROWS);
}

/** Discounted mean residual of matured windows. */
export function recentResidual(matured: readonly Pick<WindowOutcomes, "residual">[], halfLife: number): number {
  const weights = discounts(matured.length, halfLife);
  return sumOver(weights, (weight, j) => weight * matured[j]!.residual) / sumOver(weights, (weight) => weight);
}

/** Discounted mean of known values of each metric, the last one where the half-life is 0; `otherwise` where there is none. */
export function lastTruths<M extends string>(
  matured: readonly { readonly truth: Readonly<Record<M, number>> }[],
  halfLife: number,
  otherwise: Readonly<Record<M, number>>,
): Record<M, number> {
  const entries = (Object.keys(otherwise) as M[]).map((metric) => {
    const known = matured.map(({ truth }) => truth[metric]).filter(Number.isFinite);
    if (known.length === 0) return [metric, otherwise[metric]];
    const weights = discounts(known.length, halfLife);
    return [metric, sumOver(weights, (weight, j) => weight * known[j]!) / sumOver(weights, (weight) => weight)];
  });
  return Object.fromEntries(entries) as Record<M, number>;
}

/** Weights 0.5^(age / halfLife), newest last; a half-life of 0 leaves the newest alone. */
export function discounts(count: number, halfLife: number): Float64Array {
  return Float64Array.from({ length: count }, (_, j) => {
    const age = count - 1 - j;
    return halfLife > 0 ? 0.5 ** (age / halfLife) : age === 0 ? 1 : 0;
  });
}

function sumOver(values: ArrayLike<number>, term: (value: number, index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]!, i);
  return sum;
}
