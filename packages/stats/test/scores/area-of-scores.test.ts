import assert from "node:assert/strict";
import { test } from "node:test";
import { rocAuc } from "@tidemark/stats";
import { areaOfScores } from "../../src/scores/area-of-scores.ts";
import { seededUniform } from "../random-rows.ts";

test("the area of two sets of scores is that of their rows, ties included", () => {
  const random = seededUniform(3);
  for (const steps of [3, 50, 1e9]) {
    const scores = (rows: number, shift: number) =>
      Float64Array.from({ length: rows }, () => Math.round((random() + shift) * steps) / steps);
    const [positive, negative] = [scores(317, 0.2), scores(1_009, 0)];
    const rows = [positive, negative].flatMap((own) =>
      Array.from(own, (score) => ({ score, positive: own === positive, weight: 1, squaredWeight: 1 })),
    );
    assert.ok(Math.abs(areaOfScores(positive, negative) - rocAuc(rows).value!) < 1e-12);
  }
});

test("without scores of one side there is no area", () => {
  assert.ok(Number.isNaN(areaOfScores(new Float64Array(0), Float64Array.of(1))));
  assert.equal(areaOfScores(Float64Array.of(0.9, 0.2), Float64Array.of(0.2)), 0.75);
});
