import { binaryScores } from "../scores/binary-scores.ts";
import { averagePrecision } from "../scores/precision-recall.ts";
import { decisionMetrics, type EstimatedMetric } from "./cell-metrics.ts";
import type { ScoredRows } from "./score-cells.ts";

/**
 * The metrics that are estimated, from known outcomes: ESTIMATION's definitions, a score on an edge of the ten calibration bins above it.
 *
 * @returns each metric; NaN where it is not defined (no predicted positives, one class only).
 */
export function realizedMetrics(
  rows: ScoredRows & { readonly outcomes: ArrayLike<number> },
): Record<EstimatedMetric, number> {
  const { scores, predicted, outcomes } = rows;
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const groups = Array.from(order, (i) => ({
    score: scores[i]!,
    predicted: predicted[i] === 1,
    positive: outcomes[i] === 1,
    weight: 1,
    squaredWeight: 1,
  }));
  const total = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const group of groups) {
    if (group.predicted) total[group.positive ? "tp" : "fp"] += 1;
    else total[group.positive ? "fn" : "tn"] += 1;
  }
  const values = binaryScores(groups);
  const gaps = new Float64Array(10);
  const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  for (let i = 0; i < scores.length; i++) {
    gaps[tenths.filter((edge) => edge <= scores[i]!).length]! += outcomes[i]! - scores[i]!;
  }
  return {
    accuracy: values.accuracy.value ?? Number.NaN,
    precision: values.precision.value ?? Number.NaN,
    recall: values.recall.value ?? Number.NaN,
    f1: values.f1.value ?? Number.NaN,
    roc_auc: values.rocAuc.value ?? Number.NaN,
    log_loss: values.logLoss.value ?? Number.NaN,
    brier: values.brier.value ?? Number.NaN,
    ece: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / scores.length,
    ...decisionMetrics(total),
    average_precision: averagePrecision(groups).value ?? Number.NaN,
  };
}
