import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createExplicitHistogram,
  createExponentialHistogram,
  createWeightedHistogram,
  explicitQuantile,
  exponentialQuantile,
  mergeExponentialHistograms,
} from "@tidemark/sketches";
import fc from "fast-check";

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
/** Of any size, and some so close to each other that the finest scales are kept. */
const anyValues = fc.oneof(
  fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
  fc.array(
    fc.integer({ min: 0, max: 40 }).map((ulps) => 1.5 * (1 + ulps * 2 ** -24)),
    { minLength: 1, maxLength: 20 },
  ),
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** The smallest x with F(x) >= p. */
function trueQuantile(sample: readonly number[], p: number): number {
  const sorted = Float64Array.from(sample).sort();
  return sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1]!;
}

test("an explicit histogram's bounds hold the quantile", () => {
  fc.assert(
    fc.property(values, share, (sample, p) => {
      const histogram = createExplicitHistogram([-1e5, -100, -1, 0, 1, 10, 1e4]);
      for (const value of sample) histogram.record(value);
      const { value, lower, upper } = explicitQuantile(histogram, p);
      const truth = trueQuantile(sample, p);
      assert.ok(lower <= truth && truth <= upper, `${lower} ${truth} ${upper}`);
      assert.ok(lower <= value && value <= upper);
    }),
  );
});

test("an exponential histogram's bounds hold the quantile and its value is off by the stated factor at most, also after merging", () => {
  fc.assert(
    fc.property(anyValues, anyValues, share, (left, right, p) => {
      const [one, other] = [left, right].map((sample) => {
        const histogram = createExponentialHistogram(40);
        for (const value of sample) histogram.record(value);
        return histogram;
      });
      const merged = mergeExponentialHistograms(one!, other!, 40);
      const { value, lower, upper } = exponentialQuantile(merged, p);
      const truth = trueQuantile([...left, ...right], p);
      assert.ok(lower <= truth && truth <= upper, `${lower} ${truth} ${upper}`);
      assert.ok(lower <= value && value <= upper);
      const factor = Math.sqrt(2 ** (2 ** -merged.scale)) * (1 + 1e-12);
      if (Math.abs(truth) > 2 ** -1022 && Math.abs(truth) < 1e300) {
        assert.ok(value / truth <= factor && truth / value <= factor, `${value} for ${truth}`);
      }
    }),
    { numRuns: 500 },
  );
});

test("with weights the quantile is that of every row repeated as often as it stands for", () => {
  const rows = fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(rows, share, (drawn, p) => {
      const edges = [-3, -1, 0, 0.5, 2];
      const weighted = createWeightedHistogram(edges);
      const repeated = createExplicitHistogram(edges);
      for (const [value, weight] of drawn) {
        weighted.record(value, weight);
        for (let i = 0; i < weight; i++) repeated.record(value);
      }
      assert.deepEqual(explicitQuantile(weighted, p), explicitQuantile(repeated, p));
    }),
  );
});

test("160 buckets over a factor of 10^6: within 4.4 %", () => {
  const histogram = createExponentialHistogram();
  for (let i = 0; i < 10_000; i++) histogram.record(1.0001 * 10 ** (6 * (i / 10_000)));
  assert.ok(Math.abs(exponentialQuantile(histogram, 0.5).value / 1e3 - 1) < 0.045);
});

test("no value, and p outside [0, 1], are refused by name", () => {
  assert.throws(() => explicitQuantile(createExplicitHistogram([0]), 0.5), /count is 0/);
  assert.throws(() => exponentialQuantile(createExponentialHistogram(), 0.5), /count is 0/);
  const histogram = createExplicitHistogram([0]);
  histogram.record(1);
  for (const p of [-0.1, 1.1, Number.NaN]) assert.throws(() => explicitQuantile(histogram, p), /p is/);
});
