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

/**
 * Area under the ROC curve up to a false positive rate, standardised so that chance is 0.5 and perfection 1 (McClish).
 *
 * @param rows any order; finite scores.
 * @param maxFalsePositiveRate above 0, at most 1.
 * @returns null where a class is missing.
 * @throws RangeError where the rate is not in (0, 1].
 * Source: D. K. McClish, Medical Decision Making 9 (1989), doi:10.1177/0272989X8900900307.
 */
export function partialRocAuc(
  rows: readonly Pick<RankedRow, "score" | "positive" | "weight">[],
  maxFalsePositiveRate: number,
): number | null {
  if (!(maxFalsePositiveRate > 0 && maxFalsePositiveRate <= 1)) {
    throw new RangeError(`maxFalsePositiveRate is ${maxFalsePositiveRate}; expected a rate in (0, 1]`);
  }
  let area = 0;
  let [lastX, lastY] = [0, 0];
  for (const { falsePositiveRate: x, truePositiveRate: y } of rocCurve(rows)) {
    if (x === null || y === null) return null;
    const end = Math.min(x, maxFalsePositiveRate);
    const height = x === lastX ? y : lastY + ((y - lastY) * (end - lastX)) / (x - lastX);
    area += ((end - lastX) * (lastY + height)) / 2;
    if (x > maxFalsePositiveRate) break;
    [lastX, lastY] = [x, y];
  }
  const chance = maxFalsePositiveRate ** 2 / 2;
  return (1 + (area - chance) / (maxFalsePositiveRate - chance)) / 2;
}
