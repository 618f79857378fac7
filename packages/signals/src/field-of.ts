import type { ProfileField } from "@tidemark/schema";
import type { FieldCounts, WindowAggregate } from "./window-aggregate.ts";

/** The window's counts of a profile field; null where the window has none of it. */
export function fieldCountsOf(aggregate: WindowAggregate, field: ProfileField): FieldCounts | null {
  return aggregate.fields.find((counts) => counts.target === field.target && counts.name === field.name) ?? null;
}

/** Sum of counts, left to right. */
export function totalOf(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/**
 * Independent rows per counted row: 1 for counts from profile points, which see every value; the ratio of the
 * effective to the weighted number of predictions for counts from sampled records.
 */
export function effectiveScale(aggregate: WindowAggregate, counts: FieldCounts): number {
  if (counts.source === "profile_points" || aggregate.predictions <= 0) return 1;
  return Math.min(1, aggregate.effectivePredictions / aggregate.predictions);
}
