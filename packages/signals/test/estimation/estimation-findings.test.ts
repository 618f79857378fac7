import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { type ClassWindow, estimationFindings } from "@tidemark/signals";
import type { MetricEstimate } from "@tidemark/stats";

const config = modelConfigSchema.parse({ name: "m", profile: "m.json" });
// Only what the findings read of a profile.
const profile = {
  estimation: { question: "positive" },
  performance: { "ml.performance.accuracy": 0.9 },
} as unknown as Profile;

const sure: MetricEstimate = {
  value: 0.8,
  lower: 0.79,
  upper: 0.81,
  standardError: 0.005,
  knownVariance: 0.00002,
  multiplier: 1.96,
  trust: "trusted",
  backTested: 8,
  missed: 0,
  experts: {
    blend: 0.8,
    calibrated: 0.8,
    weighted: 0.8,
    outcome_model: 0.8,
    recent_4: 0.8,
    recent_1: 0.8,
    corrected: 0.8,
    last_1: 0.8,
    last_4: 0.8,
  },
};

interface Variant {
  readonly accuracy?: Partial<MetricEstimate>;
  readonly window?: Partial<Omit<ClassWindow, "estimate">>;
  readonly estimate?: Partial<ClassWindow["estimate"]>;
}

function accuracyOf({ accuracy, window, estimate }: Variant) {
  const undefinedMetric = { ...sure, value: Number.NaN };
  const metrics = {
    accuracy: { ...sure, ...accuracy },
    precision: undefinedMetric,
    recall: undefinedMetric,
    f1: undefinedMetric,
    roc_auc: undefinedMetric,
    log_loss: undefinedMetric,
    brier: undefinedMetric,
    ece: undefinedMetric,
    specificity: undefinedMetric,
    balanced_accuracy: undefinedMetric,
    matthews: undefinedMetric,
    kappa: undefinedMetric,
    average_precision: undefinedMetric,
    outcome_rate: undefinedMetric,
    hit_share: undefinedMetric,
  };
  const findings = estimationFindings(
    {
      startMs: 0,
      endMs: 1,
      rows: 1_000,
      matured: null,
      ...window,
      estimate: {
        metrics,
        expectedPositives: 500,
        expectedNegatives: 500,
        predictionRate: 0.5,
        effectiveShare: 0.9,
        domainAuc: 0.5,
        hasOverlap: true,
        ...estimate,
      },
    },
    { profile, config },
  );
  assert.equal(findings.length, 1, "a metric that is not defined is left out");
  return findings[0]!;
}

// The reference's error of 0.1 may grow by a tenth (warning below 0.89) or a quarter (critical below 0.875).
test("only a trusted estimate whose whole interval is beyond the critical line is critical", () => {
  const states: [string, Variant][] = [
    ["critical", {}],
    ["warning", { accuracy: { trust: "unproven" } }],
    ["warning", { accuracy: { trust: "untrusted" } }],
    ["warning", { estimate: { hasOverlap: false } }],
    ["warning", { accuracy: { upper: 0.88 } }],
    ["ok", { accuracy: { upper: 0.9 } }],
    ["ok", { accuracy: { trust: "untrusted", lower: 0, upper: 1 } }],
    ["insufficient_data", { window: { rows: 299 } }],
    ["insufficient_data", { estimate: { expectedPositives: 9 } }],
    ["insufficient_data", { accuracy: { upper: Number.NaN } }],
  ];
  for (const [state, variant] of states) assert.equal(accuracyOf(variant).state, state, JSON.stringify(variant));
});

test("once a window's outcomes are known its estimate only describes", () => {
  const matured = {
    atMs: 2,
    residual: 0,
    labels: { weight: [], squaredWeight: [], positive: [] },
    truth: { accuracy: 0.7 },
  };
  const found = accuracyOf({ window: { matured: matured as unknown as ClassWindow["matured"] } });
  assert.equal(found.state, null);
  assert.equal(found.evidence.numbers["realized"], 0.7);
  assert.match(found.evidence.note, /the realised score decides/);
});

test("every estimate names its source, its record and what it assumes", () => {
  const { attributes, evidence, lower, upper } = accuracyOf({ accuracy: { trust: "untrusted", missed: 3 } });
  assert.equal(attributes["ml.estimate.source"], "blend");
  assert.deepEqual([lower, upper], [0.79, 0.81]);
  assert.match(evidence.note, /Not trusted: 3 of the last 8 .*relation of outcome to features has not changed/);
});
