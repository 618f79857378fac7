import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import {
  type ControlConstants,
  cChart,
  controlConstants,
  cusumChart,
  cusumRunLength,
  ewmaChart,
  ewmaRunLength,
  individualsChart,
  npChart,
  pChart,
  runRules,
  uChart,
  xBarRChart,
  xBarSChart,
} from "@tidemark/stats";
import { seededNormal } from "../random-rows.ts";

const fixture = JSON.parse(readFileSync(path.join(import.meta.dirname, "../fixtures/spc.json"), "utf8")) as {
  constants: Record<string, ControlConstants>;
};

test("the constants for 2 to 25 values are those computed with numpy", () => {
  assert.equal(Object.keys(fixture.constants).length, 24);
  for (const [n, expected] of Object.entries(fixture.constants)) {
    const found = controlConstants(Number(n));
    for (const [name, value] of Object.entries(expected)) {
      const error = Math.abs(found[name as keyof ControlConstants] - value);
      assert.ok(error <= 1e-9 * Math.max(1, value), `${name} for ${n}: off by ${error}`);
    }
  }
});

test("in control few points are outside, after a shift many are", () => {
  const normal = seededNormal(21);
  const calm = Array.from({ length: 3_000 }, normal);
  const shifted = calm.map((value, i) => (i < 2_000 ? value : value + 2));
  const groups = (values: readonly number[]) =>
    Array.from({ length: values.length / 5 }, (_, i) => values.slice(5 * i, 5 * i + 5));
  const options = { mean: 0, sigma: 1 };
  for (const [name, outside, least] of [
    ["I-MR", (values: readonly number[]) => individualsChart(values).individuals.outside.length, 30],
    ["X-bar/R", (values: readonly number[]) => xBarRChart(groups(values)).mean.outside.length, 30],
    ["X-bar/S", (values: readonly number[]) => xBarSChart(groups(values)).mean.outside.length, 30],
    ["EWMA", (values: readonly number[]) => ewmaChart(values, options).outside.length, 900],
    [
      "CUSUM",
      (values: readonly number[]) => cusumChart(values, { mean: 0, slack: 0.5, decision: 5 }).outside.length,
      900,
    ],
  ] as const) {
    assert.ok(outside(calm) <= 0.02 * calm.length, `${name}: ${outside(calm)} false alarms`);
    assert.ok(outside(shifted) >= least, `${name}: ${outside(shifted)} after the shift`);
  }
});

test("run lengths agree with simulated charts, and a Shewhart chart's with its tail probability", () => {
  const shewhart = ewmaRunLength({ weight: 1, width: 3 }, 0);
  assert.ok(Math.abs(shewhart - 370.398) < 0.001, `${shewhart}`);
  const normal = seededNormal(5);
  const rounds = 1_500;
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    const values = Array.from({ length: 200 }, () => normal() + 1);
    total += cusumChart(values, { mean: 0, slack: 0.5, decision: 4 }).outside[0]! + 1;
  }
  // The run length's standard deviation is about 4.5: four standard errors are 0.46.
  assert.ok(Math.abs(total / rounds - cusumRunLength({ slack: 0.5, decision: 4 }, 1)) < 0.46);
  assert.throws(() => cusumRunLength({ slack: 0.5, decision: 0 }, 0), /decision is 0/);
});

test("np and c charts are the p and u charts of equal samples", () => {
  const counts = [3, 7, 5, 4, 9];
  const [p, np, c, u] = [pChart(counts, 50), npChart(counts, 50), cChart(counts), uChart(counts, 1)];
  assert.ok(Math.abs(np.upper[0]! - 50 * p.upper[0]!) < 1e-12);
  assert.deepEqual(c, u);
});

test("a rule says nothing before it has enough points", () => {
  const rules = runRules([2.5, 2.5]);
  assert.deepEqual(rules.WE2, []);
  assert.deepEqual(runRules([0, 2.5, 2.5]).WE2, [2]);
});

test("what is out of its domain is refused by name", () => {
  const ewma = { mean: 0, sigma: 1 };
  const calls: readonly [() => unknown, RegExp][] = [
    [() => controlConstants(1), /n is 1/],
    [() => individualsChart([1]), /values has 1 values/],
    [() => individualsChart([1, Number.NaN]), /values\[1\] is NaN/],
    [() => xBarRChart([[1, 2], [1]]), /groups\[1\] has 1 values/],
    [
      () =>
        xBarSChart([
          [1, 2],
          [1, 2, 3],
        ]),
      /groups\[1\] has 3 values; expected 2/,
    ],
    [() => pChart([11], 10), /defective\[0\] is 11/],
    [() => uChart([1], [0]), /n\[0\] is 0/],
    [() => cChart([-1]), /counts\[0\] is -1/],
    [() => ewmaChart([1], { ...ewma, sigma: 0 }), /sigma is 0/],
    [() => ewmaChart([1], { ...ewma, weight: 2 }), /weight is 2/],
    [() => cusumChart([1], { mean: 0, slack: -1, decision: 1 }), /slack is -1/],
    [() => runRules([Number.POSITIVE_INFINITY]), /z\[0\] is Infinity/],
  ];
  for (const [call, message] of calls) assert.throws(call, { name: "RangeError", message });
});
