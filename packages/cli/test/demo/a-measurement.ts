import type { Measurement } from "@tidemark/schema";

/** A measurement of drift of `distance` in the first week of May, but for what is given. */
export function aMeasurement(given: Partial<Measurement> = {}): Measurement {
  return {
    tenant: "default",
    model: "flight-delay",
    version: "1",
    role: "champion",
    signal: "drift",
    target: { kind: "feature", name: "distance" },
    metric: "ml.drift.severity",
    attributes: {},
    value: 3.5,
    lower: null,
    upper: null,
    state: "critical",
    threshold: 1,
    evidence: { numbers: { logEvidence: 24 }, note: "", bins: null },
    window: { name: "7d", start: "2001-05-07T00:00:00.000Z", end: "2001-05-14T00:00:00.000Z" },
    count: 12_000,
    effective: 12_000,
    profileId: "sha256:0",
    configId: "sha256:1",
    revision: 0,
    ...given,
  };
}
