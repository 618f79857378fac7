import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createWeightedHistogram,
  effectiveCounts,
  effectiveSampleSize,
  mergeWeightedHistograms,
} from "@tidemark/sketches";
import fc from "fast-check";

const rows = fc.array(
  fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 1, max: 1_000, noNaN: true })),
  { maxLength: 40 },
);

function counted(values: readonly (readonly [number, number])[]) {
  const histogram = createWeightedHistogram([-1, 0, 1]);
  for (const [value, weight] of values) histogram.record(value, weight);
  return histogram;
}

test("merging is associative and commutative to the bit", () => {
  fc.assert(
    fc.property(rows, rows, rows, (a, b, c) => {
      const [x, y, z] = [counted(a), counted(b), counted(c)] as const;
      const left = mergeWeightedHistograms(mergeWeightedHistograms(x, y), z);
      const right = mergeWeightedHistograms(mergeWeightedHistograms(z, y), x);
      assert.deepEqual(left, right);
      const { weights, squaredWeights } = counted([...c, ...a, ...b].reverse());
      assert.deepEqual([left.weights, left.squaredWeights], [weights, squaredWeights]);
    }),
  );
});

test("weights are off by at most 0.05 %, and edges belong to the bin below", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e6, noNaN: true }), (weight) => {
      const histogram = counted([[0, weight]]);
      assert.ok(Math.abs(histogram.weights[1]! / weight - 1) <= 1 / 2_048);
    }),
  );
});

test("the effective size is the number of rows for equal weights, and less for others", () => {
  const equal = Array.from({ length: 9 }, (_, i) => [i / 4, 10] as const);
  assert.equal(effectiveSampleSize(counted(equal)), 9);
  assert.ok(effectiveSampleSize(counted([...equal, [0, 200]])) < 3);
  assert.equal(effectiveSampleSize(counted([])), 0);
});

test("effective counts keep the shares and sum to the effective size", () => {
  const histogram = counted([
    [-2, 9],
    [0.5, 1],
    [0.5, 2],
  ]);
  const counts = effectiveCounts(histogram);
  const sum = counts.reduce((total, count) => total + count, 0);
  assert.ok(Math.abs(sum - effectiveSampleSize(histogram)) < 1e-12);
  assert.ok(Math.abs(counts[0]! / sum - 9 / 12) < 1e-12);
  assert.deepEqual(effectiveCounts(counted([])), [0, 0, 0, 0]);
});

test("thinned with known probabilities, the weighted shares are those of all rows", () => {
  const histogram = createWeightedHistogram([-1, 0, 1]);
  for (let i = 0; i < 40_000; i++) {
    const value = (i % 4_000) / 1_000 - 2;
    const probability = value > 0 ? 0.1 : 0.5;
    if ((i * 0.618034) % 1 < probability) histogram.record(value, 1 / probability);
  }
  const total = histogram.weights.reduce((sum, weight) => sum + weight, 0);
  for (const weight of histogram.weights) assert.ok(Math.abs(weight / total - 0.25) < 0.01, `${weight / total}`);
});

test("NaN is not counted, wrong weights and boundaries are refused by name", () => {
  const histogram = createWeightedHistogram([0]);
  assert.equal(histogram.record(Number.NaN, 1), -1);
  for (const weight of [0, -2, Number.NaN, 1e-5, 2 ** 21]) {
    assert.throws(() => histogram.record(1, weight), /weight is/);
  }
  assert.equal(histogram.count, 0);
  assert.throws(() => createWeightedHistogram([1, 1]), /boundaries\[1\] is 1/);
  assert.throws(() => mergeWeightedHistograms(histogram, createWeightedHistogram([1])), /boundaries of the two/);
});
