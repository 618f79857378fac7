import type { Measurement } from "@tidemark/schema";
import { FIRST_CAUSE_METRIC } from "./first-cause-row.ts";
import { isWithdrawn } from "./revise-measurements.ts";

/** Whether a stored row is a measurement of its window as it stands: not a first cause, and not one that a later judgement took back. */
export function isPublished(row: Measurement): boolean {
  return row.metric !== FIRST_CAUSE_METRIC && !isWithdrawn(row);
}
