import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createExplicitHistogram, type HistogramCounts, mergeHistograms } from "@tidemark/sketches";
import fc from "fast-check";

const BOUNDARIES = [-2.5, 0, 1, 10, 1e6];
const values = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(...BOUNDARIES)));

function histogramOf(recorded: readonly number[]): HistogramCounts {
  const histogram = createExplicitHistogram(BOUNDARIES);
  for (const value of recorded) histogram.record(value);
  return histogram;
}

const bitsOf = ({ counts, count }: HistogramCounts) => [count, ...counts];

describe("createExplicitHistogram", () => {
  it("counts a value on a boundary in the bin below, as OTLP does", () => {
    const histogram = createExplicitHistogram([0, 10]);
    assert.deepEqual(
      [0, -0, 5, 10, 10.5].map((value) => histogram.record(value)),
      [0, 0, 1, 1, 2],
    );
    assert.deepEqual([...histogram.counts], [2, 2, 1]);
    assert.deepEqual([histogram.count, histogram.sum], [5, 25.5]);
  });

  it("counts infinite values in the outer bins and keeps them out of the sum", () => {
    const histogram = createExplicitHistogram([0]);
    for (const value of [3, Infinity, -Infinity]) histogram.record(value);
    assert.deepEqual([[...histogram.counts], histogram.count, histogram.sum], [[1, 2], 3, 3]);
  });

  it("does not count NaN and says so", () => {
    const histogram = createExplicitHistogram([0]);
    assert.equal(histogram.record(Number.NaN), -1);
    assert.deepEqual([[...histogram.counts], histogram.count, histogram.sum], [[0, 0], 0, 0]);
  });

  it("counts anew after a reset", () => {
    const histogram = createExplicitHistogram([0]);
    histogram.record(3);
    histogram.reset();
    assert.deepEqual([[...histogram.counts], histogram.count, histogram.sum], [[0, 0], 0, 0]);
    assert.equal(histogram.record(3), 1);
  });

  it("keeps its boundaries when the caller's array changes", () => {
    const boundaries = [1, 2];
    const histogram = createExplicitHistogram(boundaries);
    boundaries[0] = 5;
    assert.equal(histogram.record(1.5), 1);
  });

  it("names the boundary that is out of order", () => {
    const rows: [number[], RegExp][] = [
      [[1, 1], /boundaries\[1\] is 1/],
      [[-0, 0], /boundaries\[1\] is 0/],
      [[2, 1], /boundaries\[1\] is 1/],
      [[Number.NaN], /boundaries\[0\] is NaN/],
    ];
    for (const [boundaries, message] of rows) assert.throws(() => createExplicitHistogram(boundaries), message);
  });

  it("counts whole numbers exactly past 32 bits", () => {
    const histogram = createExplicitHistogram([0]);
    histogram.counts[0] = 2 ** 40;
    histogram.record(-1);
    assert.equal(histogram.counts[0], 2 ** 40 + 1);
  });
});

describe("mergeHistograms", () => {
  it("gives the same bits in any order, grouping and split of the values", () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [left, middle, right] = [histogramOf(a), histogramOf(b), histogramOf(c)];
        const whole = bitsOf(histogramOf([...c, ...a, ...b]));
        assert.deepEqual(bitsOf(mergeHistograms(mergeHistograms(left, middle), right)), whole);
        assert.deepEqual(bitsOf(mergeHistograms(left, mergeHistograms(right, middle))), whole);
        const inPlace = createExplicitHistogram(BOUNDARIES);
        for (const each of [right, left, middle]) inPlace.add(each);
        assert.deepEqual(bitsOf(inPlace), whole);
        inPlace.add(inPlace);
        assert.deepEqual(
          bitsOf(inPlace),
          whole.map((count) => 2 * count),
        );
      }),
    );
  });

  it("refuses histograms on different boundaries", () => {
    const histogram = createExplicitHistogram([0, 1]);
    for (const other of [[0], [0, 2], []]) {
      assert.throws(() => mergeHistograms(histogram, createExplicitHistogram(other)), /boundaries of the two/);
      assert.throws(() => histogram.add(createExplicitHistogram(other)), /boundaries of the two/);
    }
  });
});
