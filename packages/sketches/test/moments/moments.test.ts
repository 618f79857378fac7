import assert from "node:assert/strict";
import { test } from "node:test";
import { createMoments, type Moments, type MomentsState, restoreMoments } from "@tidemark/sketches";
import fc from "fast-check";

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
const weighted = fc.array(fc.tuple(anyDouble, fc.constantFrom(1, 1, 2.5, 10, 0.3)), { maxLength: 30 });

function momentsOf(rows: readonly (readonly [number, number])[], center = 0): Moments {
  const moments = createMoments(center);
  for (const [value, weight] of rows) moments.record(value, weight);
  return moments;
}

test("any order, split, restart and merge gives the same bits", () => {
  fc.assert(
    fc.property(weighted, weighted, weighted, (a, b, c) => {
      const whole = momentsOf([...a, ...b, ...c]).state();
      const left = momentsOf(b);
      left.add(momentsOf(c));
      const right = momentsOf([...a].reverse());
      right.add(left);
      assert.deepEqual(right.state(), whole);
      const resumed = restoreMoments(JSON.parse(JSON.stringify(momentsOf(c).state())) as MomentsState);
      for (const [value, weight] of [...b, ...a]) resumed.record(value, weight);
      assert.deepEqual(resumed.state(), whole);
    }),
  );
});

test("the mean is exact where a plain sum loses everything", () => {
  const moments = momentsOf([1e308, 1, -1e308, 1e308, 1e308, 1e308].map((value) => [value, 1] as const));
  assert.equal(moments.mean, 1e308 / 2);
  assert.equal(
    momentsOf([
      [1e100, 1],
      [3, 1],
      [-1e100, 1],
    ]).mean,
    1,
  );
  assert.equal(
    momentsOf([
      [5e-324, 1],
      [5e-324, 1],
    ]).mean,
    5e-324,
  );
  assert.equal(
    momentsOf([
      [5e-324, 1],
      [0, 1],
    ]).mean,
    0,
  );
});

test("mean and variance are those of exact rational arithmetic", () => {
  const integers = fc.array(fc.integer({ min: -(2 ** 26), max: 2 ** 26 }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(integers, (values) => {
      const moments = momentsOf(values.map((value) => [value / 1024, 1]));
      const n = BigInt(values.length);
      const sum = values.reduce((total, value) => total + BigInt(value), 0n);
      const squares = values.reduce((total, value) => total + BigInt(value) ** 2n, 0n);
      const variance = Number(n * squares - sum * sum) / Number(n * n) / 1024 ** 2;
      assert.equal(moments.mean, Number(sum) / Number(n) / 1024);
      assert.ok(Math.abs(moments.populationVariance! - variance) <= 1e-13 * (variance + moments.mean! ** 2));
    }),
  );
});

test("a centre near the mean keeps the digits of a variance beside an offset of 1e9", () => {
  const rows = [0, 1, 2, 3].map((value) => [1e9 + value / 1024, 1] as const);
  const { populationVariance } = momentsOf(rows, 1e9);
  assert.equal(populationVariance, 1.25 / 1024 ** 2);
});

test("weights: the mean is w x / w, the effective size (w)^2 / w^2", () => {
  const moments = momentsOf([
    [1, 1],
    [4, 3],
  ]);
  assert.deepEqual([moments.count, moments.weight, moments.mean, moments.effectiveSize], [2, 4, 3.25, 1.6]);
  assert.equal(moments.populationVariance, (1 * 1 + 3 * 16) / 4 - 3.25 ** 2);
});

test("nothing, one value, all equal, NaN, infinite, huge: documented results", () => {
  const none = createMoments();
  assert.deepEqual(
    [none.count, none.mean, none.populationVariance, none.variance, none.min, none.max, none.effectiveSize],
    [0, null, null, null, null, null, 0],
  );
  assert.deepEqual([none.record(Number.NaN), none.record(Number.POSITIVE_INFINITY), none.count], [false, false, 0]);
  const one = momentsOf([[0.1, 1]]);
  assert.deepEqual([one.mean, one.populationVariance, one.variance], [0.1, 0, null]);
  const equal = momentsOf(Array.from({ length: 7 }, () => [0.1, 1] as const));
  assert.ok(equal.mean === 0.1 && equal.populationVariance! < 1e-17);
  const huge = momentsOf([
    [1e308, 1],
    [1e308, 1],
  ]);
  assert.deepEqual([huge.mean, huge.populationVariance], [1e308, Number.POSITIVE_INFINITY]);
});

test("wrong weights and centres are refused by name, and count nothing", () => {
  const moments = createMoments();
  for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e200]) {
    assert.throws(() => moments.record(1, weight), /weight is/);
  }
  assert.equal(moments.count, 0);
  assert.throws(() => createMoments(Number.NaN), /center is NaN/);
  assert.throws(() => moments.add(createMoments(1)), /center of the two moments differs/);
});

test("thousands of values of any size, together and one at a time, give the same bits", () => {
  const sizes = fc.array(fc.tuple(fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -500, max: 500 })), {
    minLength: 130,
    maxLength: 300,
  });
  const spread = fc.constantFrom(1, 30, 500);
  fc.assert(
    fc.property(sizes, spread, fc.constantFrom(0, 1.1, 1e9), (drawn, widest, center) => {
      const values = drawn.map(([mantissa, exponent], i) => (i % 2 ? 1 : -1) * mantissa * 2 ** (exponent % widest));
      const together = createMoments(center);
      const apart = createMoments(center);
      for (const value of values) {
        together.record(value);
        const one = createMoments(center);
        one.record(value);
        apart.add(one);
      }
      assert.deepEqual(together.state(), apart.state());
    }),
    { numRuns: 50 },
  );
});

test("which of 0 and -0 came first does not matter", () => {
  for (const zeros of [
    [0, -0],
    [-0, 0],
  ]) {
    const moments = momentsOf(zeros.map((zero) => [zero, 1] as const));
    assert.ok(Object.is(moments.min, 0) && Object.is(moments.max, 0));
  }
});

test("two million additions of one sign keep every bit", () => {
  const moments = createMoments();
  const last = 2 ** 53 - 1;
  for (let i = 0; i < 2_100_000; i++) moments.record(last);
  assert.equal(moments.mean, last);
});
