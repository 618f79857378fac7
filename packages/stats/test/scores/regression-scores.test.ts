import assert from "node:assert/strict";
import { test } from "node:test";
import { pinballLoss, regressionScores } from "@tidemark/stats";
import { seededNormal } from "../random-rows.ts";

test("an example by hand: errors 2, -1, 1", () => {
  const scores = regressionScores([
    { predicted: 3, actual: 1, weight: 1 },
    { predicted: 1, actual: 2, weight: 1 },
    { predicted: 4, actual: 3, weight: 1 },
  ]);
  assert.equal(scores.mae.value, 4 / 3);
  assert.equal(scores.mse.value, 2);
  assert.equal(scores.rmse.value, Math.SQRT2);
  assert.equal(scores.medianAbsoluteError.value, 1);
  assert.equal(scores.maxError, 2);
  assert.ok(Math.abs(scores.bias.value! - 2 / 3) < 1e-15);
  assert.equal(scores.r2.value, 1 - 6 / 2);
});

test("no rows give nulls, equal outcomes have no R2, -1 and below have no logarithmic error", () => {
  const none = regressionScores([]);
  assert.deepEqual([none.mae.value, none.rmse.value, none.r2.value, none.maxError], [null, null, null, null]);
  const equal = regressionScores([0.1, 0.1, 0.1].map((actual) => ({ predicted: 1, actual, weight: 0.3 })));
  assert.equal(equal.r2.value, null);
  assert.equal(equal.explainedVariance.value, null);
  assert.equal(regressionScores([{ predicted: -1, actual: 3, weight: 1 }]).meanSquaredLogError.value, null);
});

test("one row has values but no interval", () => {
  const { mae, medianAbsoluteError } = regressionScores([{ predicted: 3, actual: 1, weight: 1 }]);
  assert.deepEqual(mae, { value: 2, lower: null, upper: null, standardError: null });
  assert.deepEqual([medianAbsoluteError.value, medianAbsoluteError.lower], [2, null]);
});

test("a wrong member is refused by name", () => {
  assert.throws(
    () => regressionScores([{ predicted: Number.NaN, actual: 1, weight: 1 }]),
    /groups\[0\]\.predicted is NaN/,
  );
  assert.throws(() => regressionScores([{ predicted: 1, actual: 1, weight: -2 }]), /groups\[0\]\.weight is -2/);
  assert.throws(() => pinballLoss([], 1), /alpha is 1/);
});

test("95 % intervals cover the truth in about 95 % of samples", () => {
  const normal = seededNormal(3);
  const draw = () => {
    const actual = 10 + 2 * normal();
    return { actual, predicted: actual + 0.5 + normal(), weight: 1 };
  };
  const truth = regressionScores(Array.from({ length: 200_000 }, draw));
  const names = ["mae", "mse", "rmse", "medianAbsoluteError", "bias", "r2", "explainedVariance"] as const;
  const covered = names.map(() => 0);
  const samples = 500;
  for (let i = 0; i < samples; i++) {
    const scores = regressionScores(Array.from({ length: 200 }, draw));
    names.forEach((name, at) => {
      const { lower, upper } = scores[name];
      if (lower! <= truth[name].value! && truth[name].value! <= upper!) covered[at]! += 1;
    });
  }
  // Four standard errors of a share of 0.95 in 500 samples are 0.039.
  names.forEach((name, at) => {
    assert.ok(covered[at]! / samples > 0.911 && covered[at]! / samples < 0.989, `${name} ${covered[at]! / samples}`);
  });
});
