import assert from "node:assert/strict";
import { test } from "node:test";
import { correlationsOf } from "../../src/multivariate/correlations.ts";
import { largestChange } from "../../src/multivariate/largest-change.ts";

const row = (...values: number[]) => Float64Array.from(values);

test("correlations are Pearson's, rows that lack a value left out of its pairs alone", () => {
  const rows = [row(1, 2, 1), row(2, 1, Number.NaN), row(3, 4, 2), row(4, 3, 7), row(5, 6, Number.NaN)];
  const { values, rows: counts } = correlationsOf(3, rows);
  const [first, second, third] = values;
  assert.deepEqual([...counts], [5, 3, 3]);
  // numpy.corrcoef of the complete pairs.
  assert.ok(Math.abs(first! - 0.8219949365) < 1e-9, `${first}`);
  assert.ok(Math.abs(second! - 0.8485552916) < 1e-9, `${second}`);
  assert.ok(Math.abs(third! - 0.1555427542) < 1e-9, `${third}`);
  assert.deepEqual([...correlationsOf(2, [row(1, 1), row(1, 2), row(1, 3)]).values], [0]);
});

test("the change that is named is the largest on Fisher's scale, among the features in use, or none", () => {
  const reference = { features: ["a", "b", "c"], correlations: [0.95, 0.2, 0] };
  const now = { correlations: [0.6, 0.5, 0.05] };
  assert.deepEqual(largestChange(reference, now, [true, true, true])?.names, ["a", "b"]);
  assert.deepEqual(largestChange(reference, now, [true, false, true])?.names, ["a", "c"]);
  assert.equal(largestChange(reference, now, [false, true, true]), null);
});
