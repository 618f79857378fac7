import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createExplicitHistogram, createHistogramBlock, createHistogramLayout } from "@tidemark/sketches";
import fc from "fast-check";

const BOUNDARIES = fc.uniqueArray(fc.double({ noNaN: true }), { maxLength: 40, comparator: (a, b) => a === b });

describe("a block of histograms", () => {
  it("counts each value of a row where a histogram of its own would", () => {
    const lists = fc.array(
      BOUNDARIES.map((list) => list.sort((a, b) => a - b)),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(lists, fc.array(fc.array(fc.double(), { minLength: 5, maxLength: 5 })), (boundaries, rows) => {
        const layout = createHistogramLayout(boundaries);
        const block = createHistogramBlock(layout);
        const single = boundaries.map(createExplicitHistogram);
        const row = new Float64Array(boundaries.length);
        const bins = new Int32Array(boundaries.length);
        for (const values of [...rows, ...edgeRows(boundaries)]) {
          row.set(values.slice(0, row.length));
          layout.locate(row, bins);
          block.add(row, bins);
          single.forEach((histogram, index) => {
            histogram.record(row[index]!);
          });
        }
        block.histograms.forEach(({ boundaries: own, counts, count, sum }, index) => {
          assert.deepEqual({ own, counts, count, sum }, pick(single[index]!));
        });
      }),
    );
  });

  it("shares its layout with other blocks and forgets on reset", () => {
    const layout = createHistogramLayout([[1], [2]]);
    const [left, right] = [createHistogramBlock(layout), createHistogramBlock(layout)];
    const bins = new Int32Array(2);
    layout.locate(Float64Array.of(1, Number.NaN), bins);
    left.add(Float64Array.of(1, Number.NaN), bins);
    assert.deepEqual(
      left.histograms.map(({ counts }) => [...counts]),
      [
        [1, 0],
        [0, 0],
      ],
    );
    assert.equal(right.histograms[0]!.count, 0);
    left.reset();
    assert.deepEqual([left.histograms[0]!.count, left.histograms[0]!.sum], [0, 0]);
  });

  it("refuses boundaries that do not ascend", () => {
    assert.throws(() => createHistogramLayout([[1], [2, 2]]), /boundaries\[1\] is 2/);
  });
});

/** Rows whose values lie on the boundaries. */
function edgeRows(boundaries: readonly (readonly number[])[]): number[][] {
  return [0, 1, 2].map((at) => boundaries.map((list) => list[at] ?? Number.POSITIVE_INFINITY));
}

function pick({ boundaries, counts, count, sum }: ReturnType<typeof createExplicitHistogram>): object {
  return { own: boundaries, counts, count, sum };
}
