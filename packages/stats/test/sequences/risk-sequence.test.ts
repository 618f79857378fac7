import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EmpiricalBernsteinSequence,
  meanUpperBound,
  meanUpperBoundOf,
  RiskSequence,
  RowDependence,
} from "@tidemark/stats";
import { seededUniform } from "../random-rows.ts";

const OPTIONS = { cap: 1, prior: { mean: 0.2, variance: 0.16 } };

function stretchOf(values: readonly number[]) {
  const mean = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length;
  return { count: values.length, mean: mean((value) => value), meanSquare: mean((value) => value * value) };
}

/** `rows` losses of 0 or 1 whose mean is `risk`. */
function losses(random: () => number, rows: number, risk: number): number[] {
  return Array.from({ length: rows }, () => (random() < risk ? 1 : 0));
}

test("looked at after every stretch, the sequence misses the mean in fewer than alpha of the runs", () => {
  let missed = 0;
  for (let run = 0; run < 400; run++) {
    const random = seededUniform(5_000 + run);
    const sequence = new RiskSequence(OPTIONS);
    let isMissed = false;
    for (let look = 0; look < 40; look++) {
      const { lower, upper } = sequence.update(stretchOf(losses(random, 10 + Math.floor(random() * 90), 0.2)));
      isMissed ||= lower > 0.2 || upper < 0.2;
    }
    if (isMissed) missed += 1;
  }
  assert.ok(missed <= 20, `${missed} of 400 runs`);
});

test("it is about as narrow as the sequence that sees every row", () => {
  const random = seededUniform(9);
  const byStretch = new RiskSequence(OPTIONS);
  const byRow = new EmpiricalBernsteinSequence({ range: [0, 1], intersect: false });
  for (let look = 0; look < 200; look++) {
    const rows = losses(random, 50, 0.2);
    byStretch.update(stretchOf(rows));
    for (const row of rows) byRow.update(row);
  }
  const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower;
  assert.ok(width(byStretch.interval()) < 1.15 * width(byRow.interval()));
  assert.ok(width(byStretch.interval()) < 0.06);
});

test("losses in another unit give the same interval in that unit", () => {
  const [one, scaled] = [new RiskSequence(OPTIONS), new RiskSequence({ cap: 50, prior: { mean: 10, variance: 400 } })];
  const a = one.update({ count: 1_000, mean: 0.3, meanSquare: 0.2 });
  const b = scaled.update({ count: 1_000, mean: 15, meanSquare: 500 });
  assert.ok(Math.abs(b.lower - 50 * a.lower) < 1e-9 && Math.abs(b.upper - 50 * a.upper) < 1e-9);
});

test("wrong arguments are refused by name, and leave the sequence as it was", () => {
  assert.throws(() => new RiskSequence({ ...OPTIONS, cap: 0 }), /cap is 0/);
  assert.throws(() => new RiskSequence({ ...OPTIONS, alpha: 1 }), /alpha is 1/);
  assert.throws(() => new RiskSequence({ ...OPTIONS, prior: { mean: 2, variance: 0 } }), /prior is 2/);
  const sequence = new RiskSequence(OPTIONS);
  assert.throws(() => sequence.update({ count: 0, mean: 0, meanSquare: 0 }), /count is 0/);
  assert.throws(() => sequence.update({ count: 5, mean: 1.1, meanSquare: 1 }), /mean is 1.1/);
  assert.deepEqual(sequence.interval(), { lower: 0, upper: 1 });
});

test("independent rows count as one each, rows that share their day's luck as many fewer", () => {
  const random = seededUniform(4);
  const [free, daily] = [new RowDependence(), new RowDependence()];
  assert.equal(free.current(), null);
  for (let day = 0; day < 100; day++) {
    free.update(stretchOf(losses(random, 500, 0.2)));
    daily.update(stretchOf(losses(random, 500, day % 2 === 0 ? 0.1 : 0.3)));
  }
  assert.ok(free.current()! < 2, `${free.current()}`);
  // Neighbouring days differ by 0.2: 0.2^2 / (2 / 500) = 10, over a variance of 0.16.
  assert.ok(daily.current()! > 55 && daily.current()! < 75, `${daily.current()}`);
});

test("the bound from moments is the bound of the values", () => {
  const values = Array.from({ length: 2_000 }, (_, i) => i % 2);
  const variance = 0.25 * (2_000 / 1_999);
  const bound = meanUpperBoundOf({ count: 2_000, mean: 0.5, variance }, { alpha: 0.05 });
  assert.ok(Math.abs(bound - meanUpperBound(values, { alpha: 0.05 })) < 1e-12);
  assert.throws(() => meanUpperBoundOf({ count: 1, mean: 0, variance: 0 }, { alpha: 0.05 }), /count is 1/);
});
