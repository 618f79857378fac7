import assert from "node:assert/strict";
import { test } from "node:test";
import { andersonDarlingTest, cramerVonMisesTest, ksTest, mannWhitneyTest, tTest } from "@tidemark/stats";
import fc from "fast-check";
import { seededNormal } from "../random-rows.ts";

const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 15 });
const tests = { ksTest, cramerVonMisesTest, mannWhitneyTest, tTest } as const;

for (const [name, run] of Object.entries(tests)) {
  test(`${name}: a p-value in [0, 1] that does not care which sample comes first`, () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const [one, other] = [run(x, y).pValue, run(y, x).pValue];
        assert.equal(one === null, other === null);
        if (one === null || other === null) return;
        assert.ok(one >= 0 && one <= 1);
        assert.ok(Math.abs(one - other) < 1e-9, `${one} ${other}`);
      }),
    );
  });

  test(`${name}: rejects 5 % of equal samples at 5 %`, () => {
    const normal = seededNormal(17);
    const rounds = 1_000;
    let rejected = 0;
    for (let round = 0; round < rounds; round++) {
      const x = Float64Array.from({ length: 40 }, normal);
      const y = Float64Array.from({ length: 55 }, normal);
      if (run(x, y).pValue! <= 0.05) rejected += 1;
    }
    // Four standard errors of a share of 0.05 in 1,000 rounds are 0.0276.
    assert.ok(Math.abs(rejected / rounds - 0.05) < 0.0276, `${rejected / rounds}`);
  });

  test(`${name}: refuses an empty sample and NaN by name`, () => {
    assert.throws(() => run([], [1]), /x is empty/);
    assert.throws(() => run([1], [2, Number.NaN]), /y\[1\] is NaN/);
  });
}

test("exact and asymptotic p-values agree where both are good", () => {
  const normal = seededNormal(4);
  const x = Float64Array.from({ length: 400 }, normal);
  const y = Float64Array.from({ length: 500 }, () => normal() + 0.1);
  const exact = ksTest(x, y, { method: "exact" }).pValue!;
  const asymptotic = ksTest(x, y, { method: "asymptotic" }).pValue!;
  assert.ok(Math.abs(exact / asymptotic - 1) < 0.1, `${exact} ${asymptotic}`);
});

test("far apart, p-values are small and not 0", () => {
  const x = Array.from({ length: 300 }, (_, i) => i);
  const y = x.map((value) => value + 1_000);
  for (const run of [ksTest, cramerVonMisesTest, mannWhitneyTest]) {
    const { pValue } = run(x, y);
    assert.ok(pValue! > 0 && pValue! < 1e-50, `${run.name} ${pValue}`);
  }
});

test("one-sided alternatives point the way they say", () => {
  const [low, high] = [
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10],
  ] as const;
  assert.ok(mannWhitneyTest(low, high, { alternative: "less" }).pValue! < 0.01);
  assert.ok(mannWhitneyTest(low, high, { alternative: "greater" }).pValue! > 0.99);
  assert.ok(ksTest(low, high, { alternative: "greater" }).pValue! < 0.01);
  assert.equal(ksTest(low, high, { alternative: "less" }).pValue, 1);
});

test("an interpolated Anderson-Darling p-value says when it is only a bound", () => {
  const same = andersonDarlingTest([
    [1, 3, 5, 7],
    [2, 4, 6, 8],
  ]);
  assert.deepEqual([same.pValue, same.pValueIs], [0.25, "at least"]);
  const x = Array.from({ length: 30 }, (_, i) => i);
  const apart = andersonDarlingTest([x, x.map((value) => value + 100)]);
  assert.deepEqual([apart.pValue, apart.pValueIs], [0.001, "at most"]);
  assert.throws(() => andersonDarlingTest([[1]]), /samples has 1 entries/);
  assert.throws(() => andersonDarlingTest([[1, 1], [1]]), /one distinct value/);
});

test("t is null without variance and equal means, infinite with different ones", () => {
  assert.deepEqual(tTest([2, 2], [2, 2]), { statistic: null, pValue: null, degreesOfFreedom: null });
  assert.deepEqual(tTest([2, 2], [3, 3]), { statistic: Number.NEGATIVE_INFINITY, pValue: 0, degreesOfFreedom: 1 });
  assert.equal(tTest([1, Number.POSITIVE_INFINITY], [1, 2]).statistic, null);
});
