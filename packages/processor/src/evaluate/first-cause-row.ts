import { CAUSE_KINDS, type FirstCause, type Measurement } from "@tidemark/schema";
import type { Finding } from "@tidemark/signals";

/** Metric name of the row that keeps a window's first cause beside its measurements. */
export const FIRST_CAUSE_METRIC = "tidemark.first_cause";

/** A window's first cause as a describing row: judged once with the window, stored and revised like every value. */
export function firstCauseFinding(cause: FirstCause, count: number): Finding {
  return {
    target: { kind: "dataset", name: cause.target },
    metric: FIRST_CAUSE_METRIC,
    attributes: { kind: cause.kind },
    value: null,
    lower: null,
    upper: null,
    state: null,
    threshold: null,
    evidence: { numbers: {}, note: cause.explanation, bins: null },
    count,
    effective: count,
  };
}

/** The first cause that a stored row holds, or null where the row is another measurement. */
export function firstCauseOf(measurement: Measurement): FirstCause | null {
  if (measurement.metric !== FIRST_CAUSE_METRIC) return null;
  const kind = CAUSE_KINDS.find((known) => known === measurement.attributes["kind"]) ?? "unknown";
  return { kind, target: measurement.target.name, explanation: measurement.evidence.note };
}
