import type { Measurement } from "@tidemark/schema";

const DAY_MS = 86_400_000;

/** A measurement of the drift of all features together on one day, with the given members put over it. */
export function measured(day: number, parts: Partial<Measurement>): Measurement {
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    tenant: "default",
    model: "m",
    version: "1",
    role: "champion",
    signal: "drift",
    target: { kind: "dataset", name: "multivariate" },
    metric: "ml.drift.severity",
    attributes: {},
    value: 0.1,
    lower: null,
    upper: null,
    state: null,
    threshold: null,
    evidence: { numbers: {}, note: "", bins: null },
    window: { name: "24h", start: at(day * DAY_MS), end: at((day + 1) * DAY_MS) },
    count: 2_000,
    effective: 2_000,
    profileId: "",
    configId: "",
    revision: 0,
    ...parts,
  };
}
