import assert from "node:assert/strict";
import { test } from "node:test";
import {
  equalWidthEdges,
  histogramCounts,
  ksOnEqualBins,
  ksTest,
  wassersteinDistance,
  wassersteinOnEqualBins,
} from "@tidemark/stats";
import fc from "fast-check";

const sample = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 60 });

test("the edges hold every value, and every value is counted once", () => {
  fc.assert(
    fc.property(sample, fc.constantFrom("sturges" as const, "doane" as const, "auto" as const), (values, rule) => {
      const edges = equalWidthEdges(values, rule);
      assert.ok(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!));
      const { counts, outside } = histogramCounts(values, edges);
      assert.equal(outside, 0);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        values.length,
      );
    }),
  );
});

test("a value on an edge belongs above, the last edge to the last bin, the rest outside", () => {
  assert.deepEqual(histogramCounts([0, 1, 2, 2.5, Number.NEGATIVE_INFINITY], [0, 1, 2]), {
    counts: [1, 2],
    outside: 2,
  });
});

test("a number of bins is taken as given, also for equal values", () => {
  assert.deepEqual(equalWidthEdges([0, 4], 4), [0, 1, 2, 3, 4]);
  assert.deepEqual(equalWidthEdges([2, 2], 2), [1.5, 2, 2.5]);
  assert.throws(() => equalWidthEdges([1], 0), /rule is 0/);
});

test("no value, an infinite range and NaN are refused by name", () => {
  assert.throws(() => equalWidthEdges([], "sturges"), /values is empty/);
  assert.throws(() => equalWidthEdges([1, Number.POSITIVE_INFINITY], "doane"), /expected a finite range/);
  assert.throws(() => histogramCounts([Number.NaN], [0, 1]), /values\[0\] is NaN/);
  assert.throws(() => histogramCounts([1], [0]), /edges has 1 entries/);
});

test("NannyML's estimates: KS never above the exact statistic, Wasserstein within two bins of the exact distance inside the range", () => {
  fc.assert(
    fc.property(sample, sample, (reference, window) => {
      assert.ok(ksOnEqualBins(reference, window, 50) <= ksTest(reference, window).statistic + 1e-12);
      const low = Math.min(...reference);
      const high = Math.max(...reference);
      const inside = window.map((value) => Math.min(high, Math.max(low, value)));
      const exact = wassersteinDistance({ values: reference }, { values: inside });
      const width = Math.max(1, high - low) / 50;
      assert.ok(Math.abs(wassersteinOnEqualBins(reference, inside, 50) - exact) <= 2 * width + 1e-9);
    }),
  );
  assert.throws(() => ksOnEqualBins([], [1]), /reference is empty/);
  assert.throws(() => wassersteinOnEqualBins([1], []), /window is empty/);
});
