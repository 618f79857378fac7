import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { detectorEdges, mergeByEdges } from "@tidemark/stats";
import fc from "fast-check";

const ascending = (length: number) => Array.from({ length }, (_, i) => i);
const even = (bins: number, rows: number) => new Array<number>(bins).fill(rows);

describe("detectorEdges", () => {
  it("takes every sixth of 120 equal bins for 20", () => {
    const edges = detectorEdges(ascending(119), even(120, 50));
    assert.deepEqual(
      edges,
      Array.from({ length: 19 }, (_, k) => 6 * k + 5),
    );
    assert.deepEqual(mergeByEdges(even(120, 50), edges), even(20, 300));
  });

  it("leaves the empty tails of a profile to the outer bins", () => {
    const edges = detectorEdges(ascending(121), [0, ...even(120, 50), 0]);
    const merged = mergeByEdges([0, ...even(120, 50), 0], edges);
    assert.deepEqual(merged, even(20, 300));
  });

  it("gives ascending edges, keeps every row, and no bin below 10 rows where it can", () => {
    const counts = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 160 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 128 }), (reference, bins) => {
        const edges = detectorEdges(ascending(reference.length - 1), reference, bins);
        assert.ok(edges.every((edge, i) => edge < reference.length - 1 && (i === 0 || edge > edges[i - 1]!)));
        const merged = mergeByEdges(reference, edges);
        const total = reference.reduce((sum, count) => sum + count, 0);
        assert.equal(merged.length, edges.length + 1);
        assert.equal(
          merged.reduce((sum, count) => sum + count, 0),
          total,
        );
        const onlyOutermost = merged.length <= 3;
        assert.ok(onlyOutermost || merged.every((count) => count >= 10), `${merged}`);
      }),
    );
  });

  it("finds the quantiles of a season slot that uses few of the bins", () => {
    const counts = [0, 0, 0, ...even(10, 30), ...even(60, 0), ...even(10, 30), 0];
    const merged = mergeByEdges(counts, detectorEdges(ascending(counts.length - 1), counts));
    assert.deepEqual(merged, even(20, 30));
  });

  it("splits between the atoms of a discrete feature", () => {
    assert.deepEqual(detectorEdges([-1, 0, 1, 2], [0, 900, 60, 40, 0]), [1, 2]);
  });

  it("keeps bins for values never seen where the feature is constant", () => {
    assert.deepEqual(detectorEdges([6.99, 7], [0, 1000, 0]), [0, 1]);
    assert.deepEqual(detectorEdges([7], [1000, 0]), [0]);
    assert.deepEqual(detectorEdges(ascending(24), [...even(12, 0), 300, ...even(12, 0)]), [11, 12]);
    assert.deepEqual(detectorEdges(ascending(3), even(4, 0)), []);
    assert.deepEqual(detectorEdges([], [1000]), []);
  });

  it("names the lengths that do not fit", () => {
    assert.throws(() => detectorEdges([1, 2], [5, 5]), /counts has 2 bins; 2 boundaries need one more/);
    assert.throws(() => detectorEdges([1], [5, 5], 1), /bins is 1/);
  });
});
