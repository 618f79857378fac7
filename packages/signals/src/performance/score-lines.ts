import type { ModelConfig } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import type { Estimate } from "@tidemark/stats";
import type { ScoreDefinition } from "./score-table.ts";

/** The lines a score is held against, in the score's own unit; a missing one is never crossed. */
export interface ScoreLines {
  readonly warning: number | null;
  readonly critical: number | null;
  /** Where the lines come from. */
  readonly source: "levels" | "reference";
}

/**
 * The lines of a score: the configured `performance.levels` where there are any, else the reference's score with its
 * error (1 - score, or the loss itself) grown by `performance.tolerance`. Null where there is neither, for scores that
 * only describe, and for those that have no lines of their own unless configured: precision, recall, F1 and Brier move
 * with accuracy, ranking and log loss, and would say the same thing three times.
 *
 * @param reference the profile's value of the score; undefined where the reference has no outcomes.
 * @example a reference accuracy of 0.8 and a tolerance of 0.1 warn below 1 - 0.2 * 1.1 = 0.78
 */
export function scoreLines(
  definition: ScoreDefinition,
  reference: number | undefined,
  performance: ModelConfig["performance"],
): ScoreLines | null {
  if (definition.better === null) return null;
  const levels = performance.levels[definition.name];
  if (levels !== undefined) {
    return { warning: levels.warning ?? null, critical: levels.critical ?? null, source: "levels" };
  }
  if (reference === undefined || !definition.byDefault) return null;
  const line = (growth: number) =>
    definition.better === "higher" ? 1 - (1 - reference) * (1 + growth) : reference * (1 + growth);
  const { warning, critical } = performance.tolerance;
  return { warning: line(warning), critical: line(critical), source: "reference" };
}

/**
 * `critical` when the whole 95 % interval is beyond the critical line, `warning` when it is beyond the warning line,
 * else `ok`; `insufficient_data` without a value. A point beyond a line that its interval still holds proves nothing.
 */
export function scoreState(definition: ScoreDefinition, estimate: Estimate, lines: ScoreLines): MonitorState {
  if (estimate.value === null) return "insufficient_data";
  const nearEnd = definition.better === "higher" ? estimate.upper : estimate.lower;
  const isBeyond = (line: number | null) =>
    nearEnd !== null && line !== null && (definition.better === "higher" ? nearEnd < line : nearEnd > line);
  if (isBeyond(lines.critical)) return "critical";
  return isBeyond(lines.warning) ? "warning" : "ok";
}
