import assert from "node:assert/strict";
import { test } from "node:test";
import { continueControlLine, describeChange, individualsChart, pChart, uChart } from "@tidemark/stats";
import { seededNormal } from "../random-rows.ts";

const HISTORY = { center: 10, sigma: 2 };

/** How often each kind is said of 40 points with a mean that moves by `shift(i)` standard deviations. */
function kinds(shift: (i: number) => number, seed: number): Record<string, number> {
  const normal = seededNormal(seed);
  const said: Record<string, number> = { none: 0, jump: 0, slow_drift: 0 };
  for (let round = 0; round < 200; round++) {
    const values = Array.from({ length: 40 }, (_, i) => 10 + 2 * (normal() + shift(i)));
    said[describeChange(values, HISTORY).kind]! += 1;
  }
  return said;
}

test("a slow drift is told from a jump, and neither is seen where nothing changed", () => {
  assert.ok(kinds(() => 0, 1)["none"]! >= 194);
  const jump = kinds((i) => (i < 20 ? 0 : 3), 2);
  assert.ok(jump["jump"]! >= 190, JSON.stringify(jump));
  const drift = kinds((i) => Math.max(0, (i - 10) * 0.15), 3);
  assert.ok(drift["slow_drift"]! >= 170, JSON.stringify(drift));
});

test("start, size and certainty of a clean jump and a clean drift", () => {
  const jump = describeChange([10, 10, 10, 16, 16, 16, 16, 16], HISTORY);
  assert.deepEqual([jump.kind, jump.start, jump.size], ["jump", 3, 6]);
  assert.ok(jump.logLikelihoodRatio! < -2);
  const ramp = Array.from({ length: 20 }, (_, i) => 10 + Math.max(0, i - 7));
  const drift = describeChange(ramp, HISTORY);
  assert.deepEqual([drift.kind, drift.start], ["slow_drift", 8]);
  assert.ok(Math.abs(drift.size! - 12) < 1e-9 && drift.logLikelihoodRatio! > 2);
});

test("new points are held to the limits of history, which they do not move", () => {
  const history = individualsChart([10, 12, 9, 11, 10, 12, 10, 9]).individuals;
  const line = continueControlLine(history, [11, 30, 30, 30]);
  assert.deepEqual(line.outside, [1, 2, 3]);
  assert.equal(line.center, history.center);
  assert.deepEqual(pChart([9, 1], [10, 20], 0.1).outside, [0]);
  assert.deepEqual(uChart([2, 20], 1, 2).outside, [1]);
  assert.throws(() => continueControlLine(pChart([1, 2], [10, 20]), [1]), /limits that differ by point/);
  assert.throws(() => continueControlLine(history, [Number.NaN]), /values\[0\] is NaN/);
  assert.throws(() => pChart([1], 10, 2), /center is 2/);
  assert.throws(() => uChart([1], 10, -1), /center is -1/);
});

test("what cannot be described is refused by name", () => {
  assert.throws(() => describeChange([1], HISTORY), /values has 1 values/);
  assert.throws(() => describeChange([1, Number.POSITIVE_INFINITY], HISTORY), /values\[1\] is Infinity/);
  assert.throws(() => describeChange([1, 2], { ...HISTORY, sigma: 0 }), /sigma is 0/);
  assert.throws(() => describeChange([1, 2], { ...HISTORY, center: Number.NaN }), /center is NaN/);
  assert.throws(() => describeChange([1, 2], { ...HISTORY, alpha: 1 }), /alpha is 1/);
});
