import type { RankedRow } from "./roc-auc.ts";
import { requireRankedRows } from "./weighted-rows.ts";

/** What "score >= threshold" predicts: weights of the rows above it, by truth. */
export interface ThresholdCount {
  readonly threshold: number;
  readonly truePositive: number;
  readonly falsePositive: number;
}

/** The cumulated weights at every distinct score, from the highest down; rows of weight 0 do not count. O(n log n). Refuses what is not finite. */
export function thresholdCounts(rows: readonly Pick<RankedRow, "score" | "positive" | "weight">[]): ThresholdCount[] {
  requireRankedRows(rows);
  const sorted = rows.filter((row) => row.weight > 0).sort((a, b) => b.score - a.score);
  const counts: ThresholdCount[] = [];
  let truePositive = 0;
  let falsePositive = 0;
  sorted.forEach((row, i) => {
    if (row.positive) truePositive += row.weight;
    else falsePositive += row.weight;
    if (sorted[i + 1]?.score !== row.score) counts.push({ threshold: row.score, truePositive, falsePositive });
  });
  return counts;
}
