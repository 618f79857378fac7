import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSample } from "@tidemark/stats";

test("an offset of 1e9 costs no digits of the variance", () => {
  const values = [1, 2, 3, 4, 5];
  const { variance, skewness } = describeSample(values.map((value) => value + 1e9));
  assert.equal(variance, 2.5);
  assert.equal(skewness, 0);
});

test("one value and equal values have no skewness; an empty sample is refused", () => {
  const { variance, skewness, excessKurtosis, median } = describeSample([3]);
  assert.deepEqual([variance, skewness, excessKurtosis, median], [null, null, null, 3]);
  assert.equal(describeSample([0.1, 0.1, 0.1]).populationVariance, 0);
  assert.throws(() => describeSample([]), /values is empty/);
});
