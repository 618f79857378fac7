import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";
import type { RankedRow } from "./roc-auc.ts";
import { thresholdCounts } from "./threshold-counts.ts";

/** One point of the precision-recall curve. */
export interface PrecisionRecallPoint {
  /** "score >= threshold" predicts the positive class; infinite at the last point. */
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * Precision-recall curve of weighted rows, a point a distinct score, ascending, and last (precision 1, recall 0) at an infinite threshold.
 *
 * @param rows any order; finite scores.
 * @returns empty where no row is positive: recall does not exist.
 * @example precisionRecallCurve([{ score: 0.9, positive: true, weight: 1 }])[0] // threshold 0.9, precision 1, recall 1
 */
export function precisionRecallCurve(
  rows: readonly Pick<RankedRow, "score" | "positive" | "weight">[],
): PrecisionRecallPoint[] {
  const counts = thresholdCounts(rows);
  const positives = counts.at(-1)?.truePositive ?? 0;
  if (positives === 0) return [];
  const points = counts.map(({ threshold, truePositive, falsePositive }) => ({
    threshold,
    precision: truePositive / (truePositive + falsePositive),
    recall: truePositive / positives,
  }));
  return [...points.reverse(), { threshold: Number.POSITIVE_INFINITY, precision: 1, recall: 0 }];
}

/**
 * Average precision sum (R_k - R_(k-1)) P_k: the area under the precision-recall curve as steps, without the optimism of a
 * linear interpolation. The 95 % interval is normal on the logit scale with variance 1 / (n AP (1 - AP)), n the effective number of
 * positive rows.
 *
 * @param rows any order; finite scores.
 * @returns nulls where no row is positive; no interval where the value is 0 or 1.
 * Source: K. Boyd, K. H. Eng, C. D. Page, ECML PKDD 2013, doi:10.1007/978-3-642-40994-3_29.
 */
export function averagePrecision(rows: readonly RankedRow[]): Estimate {
  const curve = precisionRecallCurve(rows);
  if (curve.length === 0) return NO_ESTIMATE;
  let value = 0;
  for (let i = 0; i + 1 < curve.length; i++) value += (curve[i]!.recall - curve[i + 1]!.recall) * curve[i]!.precision;
  if (!(value > 0 && value < 1)) return { ...NO_ESTIMATE, value };
  const positive = rows.filter((row) => row.positive);
  const weight = positive.reduce((sum, row) => sum + row.weight, 0);
  const size = weight ** 2 / positive.reduce((sum, row) => sum + row.squaredWeight, 0);
  const logit = Math.log(value / (1 - value));
  const half = NORMAL_95 / Math.sqrt(size * value * (1 - value));
  return {
    value,
    lower: 1 / (1 + Math.exp(half - logit)),
    upper: 1 / (1 + Math.exp(-half - logit)),
    standardError: Math.sqrt((value * (1 - value)) / size),
  };
}
