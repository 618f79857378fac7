import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { binUnion, sumHistograms } from "../../src/aggregate/merge-bins.ts";

describe("binUnion", () => {
  it("gives each bin the one that contains it, and nothing where a boundary is missing", () => {
    assert.deepEqual(binUnion([1, 2, 3], [2]), [0, 0, 1, 1]);
    assert.deepEqual(binUnion([1, 2, 3], []), [0, 0, 0, 0]);
    assert.equal(binUnion([1, 3], [2]), null);
  });
});

describe("sumHistograms", () => {
  it("keeps boundaries that are the same", () => {
    const terms = [
      { boundaries: [1, 2], counts: [1, 0, 2] },
      { boundaries: [1, 2], counts: [3, 1, 0] },
    ];
    assert.deepEqual(sumHistograms(terms), { boundaries: [1, 2], counts: [4, 1, 2] });
    assert.deepEqual(sumHistograms([]), { boundaries: [], counts: [0] });
  });

  it("leaves out a boundary that splits a bin which holds something, and keeps one that splits an empty bin", () => {
    const terms = [
      { boundaries: [0, 4], counts: [0, 5, 0] },
      { boundaries: [2, 8], counts: [0, 1, 0] },
    ];
    assert.deepEqual(sumHistograms(terms), { boundaries: [0, 8], counts: [0, 6, 0] });
    const apart = [
      { boundaries: [0, 4], counts: [0, 5, 0] },
      { boundaries: [4, 6, 8], counts: [0, 0, 1, 0] },
    ];
    assert.deepEqual(sumHistograms(apart), { boundaries: [0, 4, 6, 8], counts: [0, 5, 0, 1, 0] });
  });

  it("puts every value where counting them together would", () => {
    const boundaryList = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 6 });
    const values = fc.array(
      fc.integer({ min: -2, max: 15 }).map((value) => value - 0.5),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(boundaryList, values), { minLength: 1, maxLength: 4 }), (histograms) => {
        const terms = histograms.map(([list, counted]) => {
          const boundaries = list.sort((a, b) => a - b);
          return { boundaries, counts: countInto(boundaries, counted) };
        });
        const sum = sumHistograms(terms);
        const all = histograms.flatMap(([, counted]) => counted);
        assert.deepEqual(sum.counts, countInto(sum.boundaries, all));
      }),
    );
  });
});

function countInto(boundaries: readonly number[], values: readonly number[]): number[] {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const value of values) counts[boundaries.filter((boundary) => boundary < value).length]! += 1;
  return counts;
}
