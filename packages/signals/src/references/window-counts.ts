import { fieldDetection } from "../drift/detection-bins.ts";
import { streamedFields } from "../drift/stream-looks.ts";
import { fieldCountsOf, totalOf } from "../field-of.ts";
import { outcomeCoverage } from "../performance/outcome-coverage.ts";
import type { FieldCounts, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { type KeptDirections, keptDirections } from "./kept-directions.ts";

/** What is kept of one field of a window, to be held against other windows of the same profile. */
export interface KeptCounts {
  readonly target: FieldCounts["target"];
  readonly name: string;
  /** Effective rows on the profile's detector bins. */
  readonly counts: readonly number[];
  /** Effective rows by season slot, ascending; empty without a season. */
  readonly slotRows: readonly (readonly [slot: number, rows: number])[];
}

/** What is kept of one thing that is watched in a window. */
export type KeptWindow = KeptCounts | KeptDirections;

/**
 * A window's counts on the detector's bins, field by field in the profile's order, then of vectors and of all features together: a few kilobytes. Fields without a value
 * are left out, and outcomes until as many of them are known as a verdict needs. Pure.
 */
export function windowCounts(aggregate: WindowAggregate, context: JudgeContext): KeptWindow[] {
  const { profile, config } = context;
  const knowsOutcomes = outcomeCoverage(aggregate) >= config.performance.minimumCoverage;
  const fields = streamedFields(context).flatMap((field): KeptWindow[] => {
    const found = fieldCountsOf(aggregate, field);
    if (found === null || totalOf(found.counts) === 0 || (field.target === "outcome" && !knowsOutcomes)) return [];
    const counts = fieldDetection(profile, field).overall.merge(found.counts);
    return [
      {
        target: field.target,
        name: field.name,
        counts,
        slotRows: found.slots.map((slot) => [slot.slot, totalOf(slot.counts)] as const),
      },
    ];
  });
  return [...fields, ...keptDirections(aggregate, context)];
}
