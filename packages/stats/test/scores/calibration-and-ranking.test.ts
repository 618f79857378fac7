import assert from "node:assert/strict";
import { test } from "node:test";
import {
  averagePrecision,
  calibrationError,
  discountedCumulativeGain,
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
