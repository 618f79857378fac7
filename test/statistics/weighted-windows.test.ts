import assert from "node:assert/strict";
import { test } from "node:test";
import { createWeightedHistogram, effectiveCounts } from "@tidemark/sketches";
import { createDetectionReference, judgeWindow, stabilityTest } from "@tidemark/stats";
import { seededNormal, seededUniform } from "../../packages/stats/test/random-rows.ts";

const BOUNDARIES = [-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28];
const REFERENCE = new Array<number>(10).fill(2_000);

/** Weighted counts of a window: of the values above 0 one in ten is kept, of the others all. */
function sampledWindow(normal: () => number, uniform: () => number, rows: number, shift: number) {
  const histogram = createWeightedHistogram(BOUNDARIES);
  for (let i = 0; i < rows; i++) {
    const value = normal() + shift;
    if (value <= 0) histogram.record(value, 1);
    else if (uniform() < 0.1) histogram.record(value, 10);
  }
  return histogram;
}

test("stable windows of sampled rows stay quiet by their effective counts, where sums of weights would not, and drift is found", () => {
  const [normal, uniform] = [seededNormal(41), seededUniform(42)];
  const reference = createDetectionReference(REFERENCE, "numeric");
  const judge = (counts: number[]) => judgeWindow([{ reference, counts }], { variance: [1, 1] }).state;
  let critical = 0;
  let naive = 0;
  let rejected = 0;
  const rounds = 200;
  for (let round = 0; round < rounds; round++) {
    const window = sampledWindow(normal, uniform, 2_000, 0);
    if (judge(effectiveCounts(window)) !== "ok") critical += 1;
    if (judge([...window.weights]) !== "ok") naive += 1;
    if (stabilityTest(effectiveCounts(window), REFERENCE, { method: "chi-square" }).pValue <= 0.001) rejected += 1;
  }
  assert.ok(critical <= 4, `${critical} of ${rounds}`);
  assert.ok(rejected <= 6, `${rejected} of ${rounds}`);
  assert.ok(naive > 5 * Math.max(1, critical), `${naive} of ${rounds} by sums of weights`);
  const drifted = sampledWindow(normal, uniform, 4_000, 0.5);
  assert.equal(judge(effectiveCounts(drifted)), "critical");
});
