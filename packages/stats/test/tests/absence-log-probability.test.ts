import assert from "node:assert/strict";
import { test } from "node:test";
import { absenceLogProbability } from "@tidemark/stats";

test("with a large reference it is the chance of a known share", () => {
  const log = absenceLogProbability(2e7, 1e9, 300);
  assert.ok(Math.abs(log - 300 * Math.log1p(-0.02)) < 1e-4);
});

test("a small reference is taken for as uncertain as it is", () => {
  // B(2.5, 19.5) / B(2.5, 9.5) by hand: the product of (9.5 + i) / (12 + i) for i = 0 to 9.
  let byHand = 1;
  for (let row = 0; row < 10; row++) byHand *= (9.5 + row) / (12 + row);
  assert.ok(Math.abs(absenceLogProbability(2, 11, 10) - Math.log(byHand)) < 1e-12);
  assert.ok(absenceLogProbability(2, 11, 100) > 100 * Math.log1p(-2 / 11));
});

test("no rows prove nothing, and impossible counts are refused by name", () => {
  assert.equal(absenceLogProbability(5, 10, 0), 0);
  assert.throws(() => absenceLogProbability(11, 10, 1), /hits: expected a number from 0 to referenceRows/);
  assert.throws(() => absenceLogProbability(1, 10, -1), /rows: expected/);
  assert.throws(() => absenceLogProbability(1, 10, Number.NaN), /rows: expected/);
});
