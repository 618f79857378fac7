import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { chiSquareFromCounts, jsDistanceFromCounts, psiFromCounts, totalVariationFromCounts } from "@tidemark/stats";
import fc from "fast-check";

const sides = fc.integer({ min: 1, max: 12 }).chain((bins) => {
  const counts = fc
    .array(fc.nat({ max: 1000 }), { minLength: bins, maxLength: bins })
    .filter((side) => side.some((count) => count > 0));
  return fc.tuple(counts, counts);
});

const distances = {
  psiFromCounts,
  jsDistanceFromCounts,
  totalVariationFromCounts,
  chiSquareFromCounts: (window: readonly number[], reference: readonly number[]) =>
    chiSquareFromCounts(window, reference).statistic,
};

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);

for (const [name, distance] of Object.entries(distances)) {
  describe(name, () => {
    it("is 0 for a histogram and itself, symmetric, finite and not negative", () => {
      fc.assert(
        fc.property(sides, ([window, reference]) => {
          near(distance(window, window), 0);
          const value = distance(window, reference);
          near(distance(reference, window), value);
          assert.ok(value >= 0 && Number.isFinite(value));
        }),
      );
    });

    it("names the side that does not fit", () => {
      assert.throws(() => distance([1, 2], [1]), /window has 2 bins, reference 1/);
      assert.throws(() => distance([1, 2], [0, 0]), /reference sums to 0/);
      assert.throws(() => distance([1, -2], [1, 1]), /window holds -2/);
      assert.throws(() => distance([1, Number.NaN], [1, 1]), /window holds NaN/);
      assert.throws(() => distance([1, Infinity], [1, 1]), /window sums to Infinity/);
      assert.throws(() => distance([], []), /window sums to 0/);
    });
  });
}

describe("psiFromCounts", () => {
  it("adds (q - p) ln(q / p) over bins", () => {
    near(psiFromCounts([30, 70], [50, 50]), -0.2 * Math.log(0.6) + 0.2 * Math.log(1.4));
  });

  it("takes a bin that is empty on one side to hold half a row there, and one empty on both as nothing", () => {
    near(psiFromCounts([0, 100, 0], [20, 180, 0]), (0.005 - 0.1) * Math.log(0.005 / 0.1) + 0.1 * Math.log(1 / 0.9));
  });
});

describe("jsDistanceFromCounts", () => {
  it("is 1 where no bin is shared, in base 2", () => {
    assert.equal(jsDistanceFromCounts([5, 0], [0, 9]), 1);
    fc.assert(fc.property(sides, ([window, reference]) => jsDistanceFromCounts(window, reference) <= 1));
  });
});

describe("totalVariationFromCounts", () => {
  it("is the share of rows that would have to move", () => {
    near(totalVariationFromCounts([25, 75], [50, 50]), 0.25);
    fc.assert(fc.property(sides, ([window, reference]) => totalVariationFromCounts(window, reference) <= 1));
  });
});

describe("chiSquareFromCounts", () => {
  it("is Pearson's statistic, worked by hand", () => {
    const { statistic, degreesOfFreedom, pValue } = chiSquareFromCounts([10, 20, 30], [20, 20, 20]);
    near(statistic, 16 / 3);
    assert.equal(degreesOfFreedom, 2);
    near(pValue, Math.exp(-8 / 3));
  });

  it("keeps its p-value in the far tail", () => {
    const { statistic, pValue } = chiSquareFromCounts([1000, 0, 500], [0, 1000, 500]);
    assert.equal(statistic, 2000);
    assert.equal(pValue, 0);
    const tail = chiSquareFromCounts([400, 100, 500], [100, 400, 500]);
    assert.ok(Math.abs(tail.pValue / Math.exp(-tail.statistic / 2) - 1) < 1e-9 && tail.pValue < 1e-70);
  });

  it("has nothing to test where one bin holds all rows", () => {
    assert.deepEqual(chiSquareFromCounts([5, 0], [7, 0]), { statistic: 0, degreesOfFreedom: 0, pValue: 1 });
  });
});
