import type { RankedRow } from "./roc-auc.ts";
import { thresholdCounts } from "./threshold-counts.ts";

/** One point of the ROC curve; a rate is null where its class is missing. */
export interface RocPoint {
  /** "score >= threshold" predicts the positive class; infinite at the first point. */
  readonly threshold: number;
  readonly falsePositiveRate: number | null;
  readonly truePositiveRate: number | null;
}

/**
 * ROC curve of weighted rows, a point a distinct score from (0, 0) at an infinite threshold to (1, 1).
 *
 * @param rows any order; finite scores.
 * @example rocCurve([{ score: 0.9, positive: true, weight: 1 }, { score: 0.1, positive: false, weight: 1 }]).length // 3
 */
export function rocCurve(rows: readonly Pick<RankedRow, "score" | "positive" | "weight">[]): RocPoint[] {
  const counts = thresholdCounts(rows);
  const positives = counts.at(-1)?.truePositive ?? 0;
  const negatives = counts.at(-1)?.falsePositive ?? 0;
  const start = { threshold: Number.POSITIVE_INFINITY, truePositive: 0, falsePositive: 0 };
  return [start, ...counts].map(({ threshold, truePositive, falsePositive }) => ({
    threshold,
    falsePositiveRate: negatives > 0 ? falsePositive / negatives : null,
    truePositiveRate: positives > 0 ? truePositive / positives : null,
  }));
}
