import assert from "node:assert/strict";
import { test } from "node:test";
import { type ShareIntervalMethod, shareInterval, wilsonInterval } from "@tidemark/stats";

/** Mean probability over shares 0.02 ... 0.98 that the interval holds the share, by summing the binomial distribution. */
function meanCoverage(method: ShareIntervalMethod, n: number): { mean: number; least: number } {
  const intervals = Array.from({ length: n + 1 }, (_, count) => shareInterval(count, n, method));
  const coverages: number[] = [];
  for (let share = 0.02; share < 0.99; share += 0.02) {
    let probability = (1 - share) ** n;
    let covered = 0;
    intervals.forEach(([lower, upper], count) => {
      if (lower <= share && share <= upper) covered += probability;
      probability *= ((n - count) / (count + 1)) * (share / (1 - share));
    });
    coverages.push(covered);
  }
  return { mean: coverages.reduce((sum, value) => sum + value, 0) / coverages.length, least: Math.min(...coverages) };
}

test("mean coverage over the shares is near 95 %, and Clopper-Pearson's never below", () => {
  for (const n of [15, 60]) {
    for (const method of ["wilson", "jeffreys", "agresti-coull"] as const) {
      assert.ok(Math.abs(meanCoverage(method, n).mean - 0.95) < 0.02, `${method} ${n}`);
    }
    assert.ok(meanCoverage("clopper-pearson", n).least >= 0.95);
  }
});

test("arguments out of their domain are refused by name", () => {
  assert.throws(() => wilsonInterval(1, 0), /n is 0/);
  assert.throws(() => wilsonInterval(3, 2), /count is 3/);
  assert.throws(() => shareInterval(1, 2, "jeffreys", 0), /alpha is 0/);
});
