import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asymptoticSequence,
  comparisonVerdict,
  EmpiricalBernsteinSequence,
  type EmpiricalBernsteinState,
  harmState,
  meanUpperBound,
} from "@tidemark/stats";
import { seededUniform } from "../random-rows.ts";

/** Share of runs in which the mean is outside the interval at any of the looks. */
function shareEverMissed(runs: number, missedIn: (random: () => number) => boolean): number {
  let missed = 0;
  for (let run = 0; run < runs; run++) if (missedIn(seededUniform(1_000 + run))) missed += 1;
  return missed / runs;
}

test("looked at after every row, the empirical-Bernstein sequence misses the mean in fewer than alpha of the runs", () => {
  const missed = shareEverMissed(300, (random) => {
    const sequence = new EmpiricalBernsteinSequence({ range: [0, 1], alpha: 0.05 });
    for (let row = 0; row < 1_000; row++) {
      const { lower, upper } = sequence.update(random() < 0.3 ? 1 : 0);
      if (lower > 0.3 || upper < 0.3) return true;
    }
    return false;
  });
  // Four standard errors of a share of 0.05 in 300 runs are 0.05.
  assert.ok(missed <= 0.05 + 0.05, `missed in ${missed}`);
});

test("the asymptotic sequence, read from 500 rows on, misses in about alpha of the runs and a plain interval in many more", () => {
  const missedWith = (halfWidth: (count: number, variance: number) => number | null) =>
    shareEverMissed(300, (random) => {
      let sum = 0;
      for (let row = 1; row <= 3_000; row++) {
        sum += random() < 0.3 ? 1 : 0;
        if (row < 500) continue;
        const mean = sum / row;
        const sequence = asymptoticSequence({ count: row, sum, sumOfSquares: sum });
        const half = halfWidth(row, mean - mean * mean) ?? (sequence.upper - sequence.lower) / 2;
        if (Math.abs(mean - 0.3) > half) return true;
      }
      return false;
    });
  const missed = missedWith(() => null);
  assert.ok(missed <= 0.05 + 0.05, `missed in ${missed}`);
  assert.ok(missedWith((count, variance) => 1.96 * Math.sqrt(variance / count)) > 0.2);
});

test("the interval narrows around the mean, in the unit of the values", () => {
  const sequence = new EmpiricalBernsteinSequence({ range: [-10, 30] });
  const random = seededUniform(7);
  for (let row = 0; row < 20_000; row++) sequence.update(4 + random());
  const { lower, upper } = sequence.interval();
  assert.ok(lower < 4.5 && 4.5 < upper && upper - lower < 0.2, `${lower} ${upper}`);
});

test("a sequence restored from its state goes on to the bit", () => {
  const options = { range: [0, 1], alpha: 0.1 } as const;
  const random = seededUniform(3);
  const whole = new EmpiricalBernsteinSequence(options);
  let resumed = new EmpiricalBernsteinSequence(options);
  for (let row = 0; row < 200; row++) {
    const value = random();
    resumed = new EmpiricalBernsteinSequence(
      options,
      JSON.parse(JSON.stringify(resumed.state())) as EmpiricalBernsteinState,
    );
    assert.deepEqual(resumed.update(value), whole.update(value));
  }
  assert.deepEqual(resumed.state(), whole.state());
});

test("without intersection the interval follows a mean that moves; with it, it would not come back", () => {
  const moving = new EmpiricalBernsteinSequence({ range: [0, 1], intersect: false });
  const kept = new EmpiricalBernsteinSequence({ range: [0, 1] });
  for (let row = 0; row < 4_000; row++) {
    const value = row < 2_000 ? 0.1 : 0.9;
    moving.update(value);
    kept.update(value);
  }
  assert.ok(kept.interval().upper < 0.2 && moving.interval().upper > kept.interval().upper + 0.05);
});

test("values beyond the range are cut and counted", () => {
  const sequence = new EmpiricalBernsteinSequence({ range: [0, 1] });
  for (const value of [-5, 0, 0.5, 1, 1e308]) sequence.update(value);
  assert.equal(sequence.state().clippedCount, 2);
});

test("wrong arguments are refused by name, and leave a sequence as it was", () => {
  const sequence = new EmpiricalBernsteinSequence({ range: [0, 1] });
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => sequence.update(value), /value is/);
  }
  assert.equal(sequence.state().count, 0);
  for (const range of [
    [1, 1],
    [0, Number.NaN],
    [-1e308, 1e308],
  ] as const) {
    assert.throws(() => new EmpiricalBernsteinSequence({ range }), /range is/);
  }
  assert.throws(() => new EmpiricalBernsteinSequence({ range: [0, 1], alpha: 0 }), /alpha is 0/);
  assert.throws(() => asymptoticSequence({ count: 5, sum: Number.NaN, sumOfSquares: 1 }), /sum is NaN/);
  assert.throws(() => asymptoticSequence({ count: 5, sum: 1, sumOfSquares: -1 }), /sumOfSquares is -1/);
  assert.throws(() => asymptoticSequence({ count: -1, sum: 1, sumOfSquares: 1 }), /count is -1/);
  assert.throws(() => asymptoticSequence({ count: 5, sum: 1, sumOfSquares: 1 }, { alpha: 1 }), /alpha is 1/);
  assert.throws(() => comparisonVerdict({ lower: 0, upper: 1 }, 9, { equivalenceMargin: -1 }), /equivalenceMargin/);
  assert.throws(() => comparisonVerdict({ lower: 1, upper: Number.NaN }, 9, { equivalenceMargin: 0 }), /interval/);
  const evidence = { riskLower: 0.1, referenceUpper: 0.2, tolerance: 0, count: 900 };
  assert.throws(() => harmState({ ...evidence, riskLower: Number.NaN }), /riskLower is NaN/);
  assert.throws(() => harmState({ ...evidence, tolerance: -1 }), /tolerance is -1/);
  assert.throws(() => meanUpperBound([1], { alpha: 0.05 }), /values holds 1/);
  assert.throws(() => meanUpperBound([1, Number.NaN], { alpha: 0.05 }), /values/);
});
