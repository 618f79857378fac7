import assert from "node:assert/strict";
import { test } from "node:test";
import { energyDistance, exactQuantile, quantilePsi, wassersteinDistance } from "@tidemark/stats";
import fc from "fast-check";

const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 });

test("Wasserstein and energy are 0 on equal samples in any order, symmetric, and move with a shift", () => {
  fc.assert(
    fc.property(sample, sample, (x, y) => {
      for (const distance of [wassersteinDistance, energyDistance]) {
        const value = distance({ values: x }, { values: y });
        assert.ok(value >= 0);
        assert.ok(Math.abs(value - distance({ values: y }, { values: x })) < 1e-12);
        assert.ok(distance({ values: x }, { values: x.toReversed() }) < 1e-7);
      }
      const shifted = wassersteinDistance({ values: x }, { values: x.map((value) => value + 7) });
      assert.ok(Math.abs(shifted - 7) < 1e-12);
    }),
  );
});

test("a weight of k counts as k equal values", () => {
  const weighted = wassersteinDistance({ values: [0, 1], weights: [3, 1] }, { values: [2] });
  assert.equal(weighted, wassersteinDistance({ values: [0, 0, 0, 1] }, { values: [2] }));
});

test("raw samples that are empty, hold NaN or have no weight are refused by name", () => {
  assert.throws(() => wassersteinDistance({ values: [] }, { values: [1] }), /x is empty/);
  assert.throws(() => energyDistance({ values: [1] }, { values: [Number.NaN] }), /y\[0\] is NaN/);
  assert.throws(() => energyDistance({ values: [1], weights: [0] }, { values: [1] }), /x.weights sum to 0/);
  assert.throws(() => quantilePsi([], [1]), /reference is empty/);
  assert.throws(() => quantilePsi([1], [1], { bins: 1 }), /bins is 1/);
  assert.throws(() => exactQuantile([], 0.5), /sorted is empty/);
  assert.throws(() => exactQuantile([1], 2), /p is 2/);
});

test("quantiles are monotone, and end at the extremes", () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(sample, p, p, (values, a, b) => {
      const sorted = Float64Array.from(values).sort();
      assert.ok(exactQuantile(sorted, Math.min(a, b)) <= exactQuantile(sorted, Math.max(a, b)));
      assert.equal(exactQuantile(sorted, 0), sorted[0]);
      assert.equal(exactQuantile(sorted, 1), sorted.at(-1));
    }),
  );
});
