import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrateScores, confidenceBasedEstimate, fitIsotonicCalibration } from "@tidemark/stats";

test("certain probabilities give the scores of the outcomes that they name", () => {
  const found = confidenceBasedEstimate({
    scores: [0.9, 0.8, 0.4, 0.1],
    predicted: [1, 1, 0, 0],
    probabilities: [1, 0, 1, 0],
  });
  assert.deepEqual(
    [found.accuracy, found.precision, found.recall, found.specificity, found.f1],
    [0.5, 0.5, 0.5, 0.5, 0.5],
  );
  assert.equal(found.rocAuc, 0.75);
  assert.ok(Math.abs(found.averagePrecision - (1 + 2 / 3) / 2) < 1e-12);
});

test("a window in which nothing is predicted positive has precision 0, as scikit-learn counts it, and no division by it", () => {
  const found = confidenceBasedEstimate({ scores: [0.2, 0.1], predicted: [0, 0], probabilities: [0.2, 0.1] });
  assert.deepEqual([found.precision, found.recall, found.f1], [0, 0, 0]);
  assert.ok(Math.abs(found.accuracy - 0.85) < 1e-12);
});

test("isotonic calibration pools what falls, takes equal scores as one, and is linear between and constant beyond its points", () => {
  const calibration = fitIsotonicCalibration([0.1, 0.2, 0.2, 0.4, 0.6, 0.8], [0, 1, 0, 0, 1, 1]);
  const close = (actual: Float64Array, expected: number[]) =>
    actual.forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]!) < 1e-12, `${value} for ${expected[i]}`);
    });
  close(calibration.probabilities, [0, 1 / 3, 1 / 3, 1, 1]);
  close(calibrateScores(calibration, [0, 0.15, 0.3, 0.5, 1]), [0, 1 / 6, 1 / 3, 2 / 3, 1]);
});
