import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { lossFinding } from "../../src/performance/loss-finding.ts";
import type { JudgeContext, OutcomeGroup, WindowAggregate } from "../../src/window-aggregate.ts";

const config = modelConfigSchema.parse({ name: "m", profile: "p.json" });
const profile = {
  model: { name: "m", version: "1", type: "regression" },
  positiveLabel: null,
  fields: [],
  performance: {},
  risk: { loss: "absolute_error", cap: 10, rows: 100, mean: 1, meanSquare: 2, rowsPerIndependent: 1 },
} as unknown as Profile;
const context: JudgeContext = { profile, config, configId: "c" };

function group(value: number | null, outcomeValue: number, weight: number, count: number): OutcomeGroup {
  const none = { score: null, label: null, outcomeLabel: null, position: null };
  return { ...none, value, outcomeKind: "value", outcomeValue, weight, count };
}

const windowOf = (predictions: number, labelled: readonly OutcomeGroup[]) =>
  ({ predictions, labelled }) as unknown as WindowAggregate;

test("the mean loss is weighted and cut at the reference's cap; rows without an answer do not count", () => {
  const finding = lossFinding(windowOf(8, [group(1, 3, 1, 2), group(0, 99, 2, 1), group(null, 5, 1, 3)]), context)!;
  assert.equal(finding.metric, "ml.performance.loss");
  assert.deepEqual(finding.target, { kind: "prediction", name: "absolute_error_loss" });
  // (2 x 2 + 2 x 10) / 4 over three rows, whose effective number is 4^2 / 6.
  assert.equal(finding.value, 6);
  assert.equal(finding.count, 3);
  assert.ok(Math.abs(finding.effective - 16 / 6) < 1e-12);
  assert.deepEqual(finding.evidence.numbers, { meanSquare: (2 * 4 + 2 * 100) / 4, maturity: 7 / 8 });
});

test("while no outcome is known there is a row without a value; without predictions or a reference there is none", () => {
  const waiting = lossFinding(windowOf(5, []), context)!;
  assert.deepEqual([waiting.value, waiting.count, waiting.effective], [null, 0, 0]);
  assert.equal(waiting.evidence.numbers["maturity"], 0);
  assert.equal(lossFinding(windowOf(0, []), context), null);
  const { risk: _risk, ...before } = profile;
  assert.equal(lossFinding(windowOf(5, []), { ...context, profile: before as Profile }), null);
});
