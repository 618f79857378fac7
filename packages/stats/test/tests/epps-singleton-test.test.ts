import assert from "node:assert/strict";
import { test } from "node:test";
import { eppsSingletonTest } from "@tidemark/stats";
import { seededNormal } from "../random-rows.ts";

test("SciPy's value: 1 to 5 against 1, 2, 3, 4, 6", () => {
  const { statistic, pValue } = eppsSingletonTest([1, 2, 3, 4, 5], [1, 2, 3, 4, 6]);
  assert.ok(Math.abs(statistic! - 0.7649439037969534) < 1e-10, `${statistic}`);
  assert.ok(Math.abs(pValue! - 0.9430850725282587) < 1e-10, `${pValue}`);
});

test("rejects about 5 % of equal samples at 5 %, and finds what has another spread", () => {
  const normal = seededNormal(5);
  const draw = (size: number, spread = 1) => Float64Array.from({ length: size }, () => spread * normal());
  let rejected = 0;
  for (let round = 0; round < 500; round++) if (eppsSingletonTest(draw(60), draw(80)).pValue! <= 0.05) rejected += 1;
  // Four standard errors of a share of 0.05 in 500 rounds are 0.039.
  assert.ok(rejected / 500 > 0.011 && rejected / 500 < 0.089, `${rejected / 500}`);
  assert.ok(eppsSingletonTest(draw(300), draw(300, 1.5)).pValue! < 1e-3);
});

test("too few values, NaN, infinities and values without spread are refused by name", () => {
  const fine = [1, 2, 3, 4, 5];
  assert.throws(() => eppsSingletonTest([1, 2, 3, 4], fine), /x has 4 values/);
  assert.throws(() => eppsSingletonTest(fine, [1, 2, 3, 4, Number.NaN]), /y\[4\] is NaN/);
  assert.throws(() => eppsSingletonTest(fine, [1, 2, 3, 4, Number.POSITIVE_INFINITY]), /finite values/);
  assert.throws(() => eppsSingletonTest([2, 2, 2, 2, 2], [2, 2, 2, 2, 2]), /interquartile range of 0/);
});
