import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryScores, type Estimate, type ScoredGroup } from "@tidemark/stats";
import fc from "fast-check";
import { seededUniform } from "../random-rows.ts";

const group = fc.record({
  score: fc.option(fc.integer({ min: 0, max: 20 }).map((k) => k / 20)),
  predicted: fc.option(fc.boolean()),
  positive: fc.boolean(),
  weight: fc.integer({ min: 0, max: 40 }).map((k) => k / 8),
  count: fc.integer({ min: 1, max: 9 }),
});

function members(scores: object): [string, Estimate][] {
  return Object.entries(scores) as [string, Estimate][];
}

test("no score is ever NaN, and every interval holds its value", () => {
  fc.assert(
    fc.property(fc.array(group, { maxLength: 12 }), (groups) => {
      for (const [name, { value, lower, upper, standardError }] of members(binaryScores(groups))) {
        for (const number of [value, lower, upper, standardError]) assert.ok(!Number.isNaN(number), name);
        if (value !== null && lower !== null && upper !== null) assert.ok(lower <= value && value <= upper, name);
      }
    }),
  );
});

test("a group of n equal rows scores as n rows do", () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 8 }), (groups) => {
      const rows = groups.flatMap(({ weight, count, ...row }) =>
        Array.from({ length: count }, () => ({ ...row, weight: weight / count })),
      );
      const [grouped, single] = [members(binaryScores(groups)), members(binaryScores(rows))];
      grouped.forEach(([name, estimate], i) => {
        for (const key of ["value", "lower", "upper"] as const) {
          const [a, b] = [estimate[key], single[i]![1][key]];
          assert.equal(a === null, b === null, `${name}.${key}`);
          if (a !== null && b !== null) assert.ok(Math.abs(a - b) < 1e-9, `${name}.${key}: ${a} and ${b}`);
        }
      });
    }),
  );
});

test("the same groups give the same bits", () => {
  const uniform = seededUniform(5);
  const groups = Array.from({ length: 200 }, () => ({
    score: uniform(),
    predicted: uniform() < 0.5,
    positive: uniform() < 0.4,
    weight: uniform() * 3,
  }));
  assert.deepEqual(binaryScores(groups), binaryScores(structuredClone(groups)));
});

test("a score that does not exist is null: no rows, no positive prediction, no positive outcome, one class", () => {
  const negative: ScoredGroup = { score: 0.2, predicted: false, positive: false, weight: 3 };
  for (const [, estimate] of members(binaryScores([]))) assert.equal(estimate.value, null);
  const scores = binaryScores([negative]);
  assert.equal(scores.precision.value, null);
  assert.equal(scores.recall.value, null);
  assert.equal(scores.f1.value, null);
  assert.equal(scores.rocAuc.value, null);
  assert.equal(scores.accuracy.value, 1);
  assert.equal(scores.outcomeRate.value, 0);
});

test("a score outside [0, 1] still ranks, but has no log loss and no Brier score", () => {
  const scores = binaryScores([
    { score: -2, predicted: null, positive: false, weight: 1 },
    { score: 3.5, predicted: null, positive: true, weight: 1 },
  ]);
  assert.equal(scores.rocAuc.value, 1);
  assert.equal(scores.logLoss.value, null);
  assert.equal(scores.brier.value, null);
  assert.equal(scores.accuracy.value, null);
});

test("perfect separation still has an open interval", () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({ score: i, predicted: null, positive: i >= 10, weight: 1 }));
  const { value, lower, upper } = binaryScores(rows).rocAuc;
  assert.equal(value, 1);
  assert.equal(upper, 1);
  assert.ok(lower! > 0.6 && lower! < 0.95);
});

test("a wrong weight or score is refused by name", () => {
  const row = { score: 0.5, predicted: true, positive: true, weight: 1 };
  const wrong: [object, RegExp][] = [
    [{ weight: -1 }, /groups\[1\]\.weight is -1/],
    [{ weight: Number.NaN }, /groups\[1\]\.weight is NaN/],
    [{ count: 0 }, /groups\[1\]\.count is 0/],
    [{ weightSquared: Number.NaN }, /groups\[1\]\.weightSquared is NaN/],
    [{ score: Number.POSITIVE_INFINITY }, /groups\[1\]\.score is Infinity/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(() => binaryScores([row, { ...row, ...change }]), { name: "RangeError", message });
  }
});

test("95 % intervals cover the truth in about 95 % of samples, with unequal weights too", () => {
  const uniform = seededUniform(11);
  const draw = () => {
    const score = (1 + Math.floor(uniform() * 49)) / 50;
    return { score, predicted: score >= 0.5, positive: uniform() < 0.1 + 0.8 * score, weight: uniform() < 0.3 ? 3 : 1 };
  };
  const truth = binaryScores(Array.from({ length: 200_000 }, () => ({ ...draw(), weight: 1 })));
  const samples = 400;
  const covered = new Map<string, number>();
  for (let i = 0; i < samples; i++) {
    for (const [name, { lower, upper }] of members(binaryScores(Array.from({ length: 250 }, draw)))) {
      const target = (truth as unknown as Record<string, Estimate>)[name]!.value!;
      if (lower! <= target && target <= upper!) covered.set(name, (covered.get(name) ?? 0) + 1);
    }
  }
  // Four standard errors of a share of 0.95 in 400 samples are 0.044.
  for (const [name, count] of covered) {
    assert.ok(count / samples > 0.906 && count / samples < 0.994, `${name} covered ${count / samples}`);
  }
  assert.equal(covered.size, 8);
});
