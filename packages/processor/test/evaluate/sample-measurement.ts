import type { Measurement } from "@tidemark/schema";

/** A severity of the feature `distance` on Monday 2001-02-05, with the given members put over it. */
export function sampleMeasurement(members: Partial<Measurement> = {}): Measurement {
  return {
    tenant: "default",
    model: "flight-delay",
    version: "1",
    role: "champion",
    signal: "drift",
    target: { kind: "feature", name: "distance" },
    metric: "ml.drift.severity",
    attributes: {},
    value: 0.5,
    lower: null,
    upper: null,
    state: "ok",
    threshold: 1,
    evidence: { numbers: {}, note: "", bins: null },
    window: sampleWindow(0),
    count: 100,
    effective: 100,
    profileId: "sha256:p",
    configId: "sha256:c",
    revision: 0,
    ...members,
  };
}

/** The 24 h window so many days after Monday 2001-02-05. */
export function sampleWindow(day: number): Measurement["window"] {
  const startMs = Date.UTC(2001, 1, 5 + day);
  return {
    name: "24h",
    start: new Date(startMs).toISOString(),
    end: new Date(startMs + 86_400_000).toISOString(),
  };
}
