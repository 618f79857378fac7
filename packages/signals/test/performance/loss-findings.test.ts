import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfigSchema, type Profile } from "@tidemark/schema";
import { lossFindings } from "../../src/performance/loss-findings.ts";
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

const windowOf = (predictions: number, labelled: readonly OutcomeGroup[], segments: WindowAggregate["segments"] = []) =>
  ({ predictions, labelled, segments }) as unknown as WindowAggregate;

test("the mean loss is weighted and cut at the reference's cap; rows without an answer do not count", () => {
  const [finding] = lossFindings(windowOf(8, [group(1, 3, 1, 2), group(0, 99, 2, 1), group(null, 5, 1, 3)]), context);
  assert.ok(finding !== undefined);
  assert.equal(finding.metric, "ml.performance.loss");
  assert.deepEqual(finding.target, { kind: "prediction", name: "absolute_error_loss" });
  // (2 x 2 + 2 x 10) / 4 over three rows, whose effective number is 4^2 / 6.
  assert.equal(finding.value, 6);
  assert.equal(finding.count, 3);
  assert.ok(Math.abs(finding.effective - 16 / 6) < 1e-12);
  assert.deepEqual(finding.evidence.numbers, { meanSquare: (2 * 4 + 2 * 100) / 4, maturity: 7 / 8 });
});

test("while no outcome is known there is a row without a value; without predictions or a reference there is none", () => {
  const [waiting] = lossFindings(windowOf(5, []), context);
  assert.ok(waiting !== undefined);
  assert.deepEqual([waiting.value, waiting.count, waiting.effective], [null, 0, 0]);
  assert.equal(waiting.evidence.numbers["maturity"], 0);
  assert.deepEqual(lossFindings(windowOf(0, []), context), []);
  const { risk: _risk, ...before } = profile;
  assert.deepEqual(lossFindings(windowOf(5, []), { ...context, profile: before as Profile }), []);
});

test("every value of a segment has its own; those that share a name for the rest, and those without a loss, have none", () => {
  const all = [group(1, 3, 1, 2), group(0, 4, 1, 1)];
  const segments = [
    { name: "airport", value: "ATL", labelled: [all[0]!] },
    { name: "airport", value: "LAX", labelled: [group(null, 3, 1, 1)] },
    { name: "airport", value: "_other_", labelled: [all[1]!] },
  ];
  const [whole, ...own] = lossFindings(windowOf(8, all, segments), context);
  assert.equal(whole!.value, (2 * 2 + 4) / 3);
  assert.deepEqual(
    own.map(({ target, attributes, value, count }) => [target, attributes, value, count]),
    [
      [
        { kind: "segment", name: "absolute_error_loss" },
        { "ml.segment.name": "airport", "ml.segment.value": "ATL" },
        2,
        2,
      ],
    ],
  );
});
