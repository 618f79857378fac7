import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { pairedLoss } from "../../src/comparison/paired-difference.ts";

const { comparison } = modelConfigSchema.parse({ name: "m", profile: "p.json" });
const base = { positiveLabel: null, fields: [], performance: {} } as unknown as Profile;
const classifier = {
  ...base,
  model: { name: "m", version: "1", type: "classification" },
  positiveLabel: "late",
} as Profile;
const scorer = {
  ...classifier,
  fields: [{ target: "prediction", name: "score", kind: "numeric", min: 0.01, max: 0.98 }],
} as unknown as Profile;
const regressor = { ...base, model: { name: "m", version: "1", type: "regression" } } as Profile;
const said = (parts: { score?: number; label?: string; value?: number }) => ({
  score: parts.score ?? null,
  label: parts.label ?? null,
  value: parts.value ?? null,
});
const truth = (parts: { label?: string; value?: number }) => ({
  outcomeKind: parts.label === undefined ? ("value" as const) : ("class" as const),
  outcomeLabel: parts.label ?? null,
  outcomeValue: parts.value ?? null,
  position: null,
});

test("probabilities are held against each other by the Brier loss, labels by right or wrong", () => {
  const loss = pairedLoss(scorer, comparison)!;
  assert.equal(loss.name, "brier");
  const difference = loss.difference(said({ score: 0.6 }), said({ score: 0.9 }), truth({ label: "late" }));
  assert.ok(Math.abs(difference! - (0.01 - 0.16)) < 1e-12);
  const decisions = pairedLoss(classifier, comparison)!;
  assert.equal(decisions.name, "zero_one");
  assert.equal(decisions.difference(said({ label: "late" }), said({ label: "on_time" }), truth({ label: "late" })), 1);
  assert.equal(loss.difference(said({ score: 1.7 }), said({ score: 0.5 }), truth({ label: "late" })), null);
  assert.equal(loss.difference(said({ score: 0.6 }), said({ score: 0.5 }), truth({ value: 3 })), null);
});

test("absolute errors are cut at ten times the reference's error, or where the configuration says", () => {
  assert.equal(pairedLoss(regressor, comparison), null, "nothing bounds the loss");
  const known = { ...regressor, performance: { "ml.performance.rmse": 2 } } as Profile;
  const loss = pairedLoss(known, comparison)!;
  assert.equal(loss.cap, 20);
  assert.equal(loss.difference(said({ value: 1 }), said({ value: 4 }), truth({ value: 2 })), 1);
  assert.equal(loss.difference(said({ value: 0 }), said({ value: 1e6 }), truth({ value: 0 })), 20);
  assert.equal(pairedLoss(regressor, { ...comparison, largestDifference: 7 })!.cap, 7);
});

test("a ranking's losses cannot be paired: only the list that was shown can be clicked", () => {
  assert.equal(pairedLoss({ ...base, model: { ...regressor.model, type: "ranking" } } as Profile, comparison), null);
});
