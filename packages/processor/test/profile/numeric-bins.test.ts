import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextBelow, summarizeNumbers } from "../../src/profile/numeric-bins.ts";

const FINITE = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });

function summarize(values: readonly number[]) {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value + 0, (counts.get(value + 0) ?? 0) + 1);
  const distinct = [...counts.keys()].sort((a, b) => a - b);
  return summarizeNumbers({
    values: Float64Array.from(distinct),
    counts: Float64Array.from(distinct, (value) => counts.get(value)!),
  });
}

test("boundaries ascend, number at most 160, and leave the outer bins to values that the reference lacks", () => {
  fc.assert(
    fc.property(fc.array(FINITE, { minLength: 1, maxLength: 500 }), (values) => {
      const { boundaries, min, max } = summarize(values);
      assert.ok(boundaries.length <= 160);
      assert.ok(boundaries.every((boundary, index) => index === 0 || boundary > boundaries[index - 1]!));
      assert.ok(boundaries[0]! < min && boundaries.at(-1) === max);
    }),
  );
});

test("few distinct values are boundaries themselves; of many, each bin holds about one in 120", () => {
  assert.deepEqual(summarize([3, 1, 2, 2]).boundaries, [nextBelow(1), 1, 2, 3]);
  const { boundaries, mean, standardDeviation } = summarize(
    Array.from({ length: 1200 }, (_unused, index) => index + 1),
  );
  assert.equal(boundaries.length, 121);
  assert.deepEqual(boundaries.slice(1, 4), [10, 20, 30]);
  assert.equal(mean.toFixed(6), "600.500000");
  assert.equal(standardDeviation.toFixed(6), Math.sqrt((1200 * 1201) / 12).toFixed(6));
});

test("the double below is the nearest one", () => {
  for (const [value, want] of [
    [1, 1 - Number.EPSILON / 2],
    [-1, -1 - Number.EPSILON],
    [0, -Number.MIN_VALUE],
    [Number.MIN_VALUE, 0],
    [-Number.MAX_VALUE, -Number.MAX_VALUE],
  ] as const) {
    assert.equal(nextBelow(value), want);
  }
});
