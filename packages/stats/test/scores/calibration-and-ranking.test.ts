import assert from "node:assert/strict";
import { test } from "node:test";
import {
  averagePrecision,
  binaryScores,
  calibrationError,
  discountedCumulativeGain,
  multiclassBrier,
  normalizedDiscountedCumulativeGain,
  precisionRecallCurve,
  type RankedRow,
  rocAuc,
  rocCurve,
} from "@tidemark/stats";
import fc from "fast-check";

test("a model that is right as often as it says has no calibration error", () => {
  const { expected, maximum } = calibrationError([true, true, true, false].map((hit) => stated(0.75, hit)));
  assert.equal(expected.value, 0);
  assert.equal(maximum.value, 0);
});

test("calibration refuses no rows, other lengths and numbers that are no probability", () => {
  assert.throws(() => calibrationError([]), /rows is empty/);
  assert.throws(() => calibrationError([stated(1.5, true)]), /rows\[0\]\.score is 1.5/);
  assert.throws(() => calibrationError([{ ...stated(0.5, true), weight: -1 }]), /rows\[0\]\.weight is -1/);
  assert.equal(calibrationError([{ ...stated(0.5, true), weight: 0 }]).expected.value, null);
});

test("the multi-class Brier score is 0 of certain and right, 2 of certain and wrong, twice the binary one of two classes", () => {
  const row = (scores: number[], actual: number, weight = 1) => ({ scores, actual, weight });
  assert.equal(multiclassBrier([row([1, 0, 0], 0)]).value, 0);
  assert.equal(multiclassBrier([row([1, 0, 0], 2)]).value, 2);
  assert.ok(Math.abs(multiclassBrier([row([0.5, 0.3, 0.2], 1)]).value! - (0.25 + 0.49 + 0.04)) < 1e-15);
  const scores = [0.1, 0.4, 0.7, 0.95];
  const two = multiclassBrier(scores.map((score, i) => row([1 - score, score], i % 2, 1 + i)));
  const { brier } = binaryScores(
    scores.map((score, i) => ({ score, predicted: score > 0.5, positive: i % 2 === 1, weight: 1 + i, count: 1 })),
  );
  assert.ok(Math.abs(two.value! - 2 * brier.value!) < 1e-12);
  assert.equal(multiclassBrier([]).value, null);
  assert.throws(() => multiclassBrier([row([0.5, 0.5], 2)]), /rows\[0\]\.actual is 2/);
  assert.throws(() => multiclassBrier([row([0.5, 1.5], 1)]), /rows\[0\]\.scores\[1\] is 1.5/);
});

function stated(score: number, positive: boolean): RankedRow {
  return { score, positive, weight: 1, squaredWeight: 1 };
}

test("without a positive row there is no recall: empty curve, no average precision", () => {
  const rows = [{ score: 0.3, positive: false, weight: 1, squaredWeight: 1 }];
  assert.deepEqual(precisionRecallCurve(rows), []);
  assert.equal(averagePrecision(rows).value, null);
});

test("ranked rows with a score or weight that is no number are refused by name", () => {
  const row = { score: 0.3, positive: true, weight: 1, squaredWeight: 1 };
  for (const run of [rocAuc, rocCurve, precisionRecallCurve, averagePrecision]) {
    assert.throws(() => run([row, { ...row, score: Number.NaN }]), /rows\[1\]\.score is NaN/);
    assert.throws(() => run([{ ...row, weight: -1 }]), /rows\[0\]\.weight is -1/);
  }
});

test("the best order has a normalised gain of 1, every order one in [0, 1]", () => {
  const gains = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(gains, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (relevance, stream) => {
      const scores = relevance.map(() => stream.next().value);
      const gain = normalizedDiscountedCumulativeGain({ relevance, scores });
      assert.ok(gain >= 0 && gain <= 1 + 1e-12);
      if (Math.max(...relevance) === 0) return;
      const best = normalizedDiscountedCumulativeGain({ relevance, scores: relevance });
      assert.ok(Math.abs(best - 1) < 1e-12);
    }),
  );
});

test("a ranking without items or with a negative relevance is refused", () => {
  assert.throws(() => discountedCumulativeGain({ relevance: [], scores: [] }), /at least one/);
  assert.throws(() => normalizedDiscountedCumulativeGain({ relevance: [-1], scores: [1] }), /relevance\[0\] is -1/);
});
