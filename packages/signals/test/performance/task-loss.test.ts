import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { taskLoss } from "../../src/performance/task-loss.ts";

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

test("probabilities have the Brier loss, labels are right or wrong", () => {
  const loss = taskLoss(scorer, comparison)!;
  assert.equal(loss.name, "brier");
  assert.ok(Math.abs(loss.of(said({ score: 0.9 }), truth({ label: "late" }))! - 0.01) < 1e-12);
  assert.ok(Math.abs(loss.of(said({ score: 0.9 }), truth({ label: "on_time" }))! - 0.81) < 1e-12);
  const decisions = taskLoss(classifier, comparison)!;
  assert.equal(decisions.name, "zero_one");
  assert.equal(decisions.of(said({ label: "on_time" }), truth({ label: "late" })), 1);
  assert.equal(decisions.of(said({ label: "late" }), truth({ label: "late" })), 0);
});

test("what cannot be scored has no loss: a score beyond [0, 1], a missing one, an outcome of another kind", () => {
  const loss = taskLoss(scorer, comparison)!;
  assert.equal(loss.of(said({ score: 1.7 }), truth({ label: "late" })), null);
  assert.equal(loss.of(said({ label: "late" }), truth({ label: "late" })), null);
  assert.equal(loss.of(said({ score: 0.6 }), truth({ value: 3 })), null);
});

test("absolute errors are cut at ten times the reference's error, or where the configuration says", () => {
  assert.equal(taskLoss(regressor, comparison), null, "nothing bounds the loss");
  const loss = taskLoss({ ...regressor, performance: { "ml.performance.rmse": 2 } } as Profile, comparison)!;
  assert.equal(loss.cap, 20);
  assert.equal(loss.of(said({ value: 4 }), truth({ value: 2 })), 2);
  assert.equal(loss.of(said({ value: 1e6 }), truth({ value: 0 })), 20);
  assert.equal(taskLoss(regressor, { ...comparison, largestError: 7 })!.cap, 7);
});

test("a ranking has none: only the list that was shown can be clicked", () => {
  assert.equal(taskLoss({ ...base, model: { ...regressor.model, type: "ranking" } } as Profile, comparison), null);
});
