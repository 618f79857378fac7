import assert from "node:assert/strict";
import { test } from "node:test";
import { contingencyTest, fisherExactTest, goodnessOfFitTest, proportionsTest } from "@tidemark/stats";
import fc from "fast-check";

const cell = fc.integer({ min: 1, max: 60 });

test("chi-square of a 2 x 2 table is the square of the z of two proportions", () => {
  fc.assert(
    fc.property(cell, cell, cell, cell, (a, b, c, d) => {
      const { statistic } = contingencyTest([
        [a, b],
        [c, d],
      ]);
      const z = proportionsTest({ count: a, n: a + b }, { count: c, n: c + d }).statistic ?? 0;
      assert.ok(Math.abs(statistic - z * z) < 1e-9 * (1 + statistic));
    }),
  );
});

test("Fisher's one-sided p-values overlap in the observed table only", () => {
  fc.assert(
    fc.property(cell, cell, cell, cell, (a, b, c, d) => {
      const table = [
        [a, b],
        [c, d],
      ] as const;
      const less = fisherExactTest(table, "less").pValue!;
      const greater = fisherExactTest(table, "greater").pValue!;
      assert.ok(less + greater > 1 - 1e-12);
      assert.ok(fisherExactTest(table).pValue! >= Math.min(less, greater) - 1e-12);
    }),
  );
});

test("counts that are negative, broken or in an odd shape are refused by name", () => {
  assert.throws(() => contingencyTest([[1, 2], [3]]), /table\[1\] has 1 columns/);
  assert.throws(() => contingencyTest([[1, -2]]), /table\[0\] holds -2/);
  assert.throws(
    () =>
      contingencyTest([
        [0, 0],
        [1, 2],
      ]),
    /table\[0\] is all 0/,
  );
  assert.throws(
    () =>
      contingencyTest([
        [0, 1],
        [0, 2],
      ]),
    /column 0 of table is all 0/,
  );
  assert.throws(
    () =>
      fisherExactTest([
        [1.5, 1],
        [1, 1],
      ]),
    /table holds 1.5/,
  );
  assert.throws(() => goodnessOfFitTest([1], [1, 1]), /shares has 2 bins/);
  assert.throws(() => goodnessOfFitTest([0, 0], [1, 1]), /observed sums to 0/);
  assert.throws(() => proportionsTest({ count: 3, n: 2 }, { count: 0, n: 1 }), /first.count is 3/);
});

test("what does not exist is null: a margin of 0, a single bin, no hit at all", () => {
  assert.deepEqual(
    fisherExactTest([
      [0, 5],
      [0, 7],
    ]),
    { statistic: null, pValue: 1 },
  );
  assert.equal(goodnessOfFitTest([4], [1]).pValue, null);
  assert.equal(proportionsTest({ count: 0, n: 5 }, { count: 0, n: 7 }).pValue, null);
});
