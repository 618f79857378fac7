import assert from "node:assert/strict";
import { test } from "node:test";
import {
  betaQuantile,
  chiSquareQuantile,
  chiSquareUpperTail,
  cramerVonMisesUpperTail,
  kolmogorovUpperTail,
  ksOneSampleUpperTail,
  normalQuantile,
  normalUpperTail,
  studentQuantile,
  studentUpperTail,
} from "@tidemark/stats";

const probabilities = [1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.9, 0.999];

function close(found: number, wanted: number, relative = 1e-9): void {
  assert.ok(Math.abs(found - wanted) <= relative * Math.abs(wanted), `${found} instead of ${wanted}`);
}

test("quantiles undo the tails", () => {
  for (const p of probabilities) {
    close(normalUpperTail(-normalQuantile(p)), p);
    for (const df of [1, 2.5, 40]) close(studentUpperTail(-studentQuantile(p, df), df), p);
    if (p < 0.5) close(chiSquareUpperTail(chiSquareQuantile(1 - p, 7), 7), p, 1e-3);
  }
});

test("quantiles refuse what is no probability", () => {
  assert.throws(() => normalQuantile(1.1), /p is 1.1/);
  assert.throws(() => betaQuantile(0.5, 0, 1), /a is 0/);
  assert.throws(() => studentQuantile(0.5, -1), /degreesOfFreedom is -1/);
  assert.throws(() => ksOneSampleUpperTail(0.5, 2.5), /n is 2.5/);
});

test("tails fall from 1 to 0 without a jump where formulas meet", () => {
  const tails: readonly [string, (x: number) => number, number][] = [
    ["Kolmogorov", kolmogorovUpperTail, 6],
    ["Cramér-von Mises", cramerVonMisesUpperTail, 4],
    ["KS with 5 rows", (d) => ksOneSampleUpperTail(d, 5), 1],
    ["KS with 100 rows", (d) => ksOneSampleUpperTail(d, 100), 1],
    ["KS with 3,000 rows", (d) => ksOneSampleUpperTail(d, 3_000), 0.1],
  ];
  for (const [name, tail, end] of tails) {
    let last = 1;
    for (let step = 0; step <= 400; step++) {
      const value = tail((step / 400) * end);
      assert.ok(value <= last + 1e-6 * last, `${name} rises at ${(step / 400) * end}`);
      last = value;
    }
    assert.ok(last < 1e-3, name);
  }
});

test("known critical values: 5 % of Kolmogorov and Cramér-von Mises", () => {
  close(kolmogorovUpperTail(1.3580986393225505), 0.05, 1e-9);
  close(cramerVonMisesUpperTail(0.46136), 0.05, 1e-3);
});
