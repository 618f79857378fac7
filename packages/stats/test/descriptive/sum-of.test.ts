import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSample, regressionScores } from "@tidemark/stats";

test("a sum keeps what a larger term would swallow", () => {
  assert.equal(describeSample([1, 1e100, 1, -1e100]).sum, 2);
  const rows = [1, 1e16, 1, -1e16].map((error) => ({ predicted: error, actual: 0, weight: 1 }));
  assert.equal(regressionScores(rows).bias.value, 0.5);
});
