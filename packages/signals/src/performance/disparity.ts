import type { ModelConfig } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { type Estimate, normalQuantile } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";

/** A score of one segment. */
export interface SegmentEstimate {
  readonly segment: string;
  readonly estimate: Estimate;
  readonly effective: number;
}

const ALPHA = 0.05;

/**
 * Gap of one score between the highest and the lowest segment, with a 95 % interval that holds for whichever segments turn
 * out to be the two: the intervals of all k segments at level 1 - 0.05 / k (Bonferroni), so
 * lower = max(0, highest lower end - lowest upper end) and upper = highest upper end - lowest lower end.
 * Null with fewer than two segments that have a standard error.
 *
 * `critical` and `warning` where the whole interval is beyond the configured line; no verdict without lines.
 */
export function disparityFinding(
  segmentName: string,
  scoreName: string,
  segments: readonly SegmentEstimate[],
  { tolerance }: ModelConfig["fairness"],
): Finding | null {
  const z = normalQuantile(1 - ALPHA / (2 * segments.length));
  const known = segments.flatMap(({ segment, estimate: { value, standardError }, effective }) => {
    if (value === null || standardError === null) return [];
    return [{ segment, value, lower: value - z * standardError, upper: value + z * standardError, effective }];
  });
  if (known.length < 2) return null;
  const high = known.reduce((best, next) => (next.value > best.value ? next : best));
  const low = known.reduce((best, next) => (next.value < best.value ? next : best));
  const lower = Math.max(
    0,
    Math.max(...known.map((each) => each.lower)) - Math.min(...known.map((each) => each.upper)),
  );
  const upper = Math.max(...known.map((each) => each.upper)) - Math.min(...known.map((each) => each.lower));
  const { warning, critical } = tolerance;
  return createFinding({
    target: { kind: "segment", name: `${scoreName} by ${segmentName}` },
    metric: metric.fairnessDisparity,
    attributes: { [attr.segmentName]: segmentName, [attr.performanceScore]: scoreName },
    value: high.value - low.value,
    lower,
    upper,
    state: stateOf(lower, warning, critical),
    threshold: critical ?? warning ?? null,
    evidence: {
      numbers: { highest: high.value, lowest: low.value, segments: known.length },
      note: `${high.segment} ${numberText(high.value)}, ${low.segment} ${numberText(low.value)}`,
      bins: null,
    },
    count: known.length,
    effective: known.reduce((sum, { effective }) => sum + effective, 0),
  });
}

function stateOf(lower: number, warning: number | undefined, critical: number | undefined): MonitorState | null {
  if (warning === undefined && critical === undefined) return null;
  if (critical !== undefined && lower > critical) return "critical";
  return warning !== undefined && lower > warning ? "warning" : "ok";
}
