import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createExponentialHistogram, type ExponentialCounts, mergeExponentialHistograms } from "@tidemark/sketches";
import fc from "fast-check";

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 });

function histogramOf(recorded: readonly number[], maxBuckets = 8): ExponentialCounts {
  const histogram = createExponentialHistogram(maxBuckets);
  for (const value of recorded) histogram.record(value);
  return histogram;
}

/** Everything but the sum, which depends on the order of addition. */
function bucketsOf({ scale, zeroCount, positive, negative, count }: ExponentialCounts): unknown {
  const range = ({ offset, counts }: ExponentialCounts["positive"]) => ({ offset, counts: [...counts] });
  return { scale, zeroCount, count, positive: range(positive), negative: range(negative) };
}

/** A histogram that is brought to a scale by a coarse one of another sign holds the value between its bucket's edges. */
function assertInBucket(value: number, scale: number): void {
  const histogram = createExponentialHistogram(4);
  histogram.add({
    scale,
    zeroCount: 0,
    count: 1,
    sum: -1,
    positive: { offset: 0, counts: new Float64Array(0) },
    negative: { offset: 0, counts: Float64Array.of(1) },
  });
  histogram.record(value);
  assert.equal(histogram.scale, scale);
  const { offset } = histogram.positive;
  const [lower, upper] = [offset, offset + 1].map((index) => index * 2 ** -scale) as [number, number];
  const exponent = Math.log2(value);
  const slack = 2 ** -50 * (1 + Math.abs(exponent));
  assert.ok(lower - slack <= exponent && exponent <= upper + slack, `${value} at scale ${scale}: bucket ${offset}`);
  // Where the edges are powers of two there is no slack.
  if (Number.isInteger(lower)) assert.ok(value > 2 ** lower, `${value} at scale ${scale}`);
  if (Number.isInteger(upper) && upper < 1024) assert.ok(value <= 2 ** upper, `${value} at scale ${scale}`);
}

const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);

describe("createExponentialHistogram", () => {
  it("puts a value on a power of the base into the bucket below, as OTLP does", () => {
    const histogram = histogramOf([1, 2, 4, 8, 16, 3], 4);
    // Scale -1, base 4: (1/4, 1], (1, 4], (4, 16].
    assert.deepEqual(bucketsOf(histogram), {
      scale: -1,
      zeroCount: 0,
      count: 6,
      positive: { offset: -1, counts: [1, 3, 2] },
      negative: { offset: 0, counts: [] },
    });
  });

  it("keeps the finest scale for one value and counts zeros and negatives apart", () => {
    const histogram = histogramOf([-3, 0, -0]);
    assert.equal(histogram.scale, 20);
    assert.deepEqual([histogram.zeroCount, total(histogram.negative.counts), histogram.sum], [2, 1, -3]);
  });

  it("does not count NaN and infinite values and says so", () => {
    const histogram = createExponentialHistogram();
    assert.deepEqual(
      [Number.NaN, Infinity, -Infinity, 1].map((value) => histogram.record(value)),
      [false, false, false, true],
    );
    assert.deepEqual([histogram.count, histogram.sum], [1, 1]);
  });

  it("holds every value within the edges of its bucket, in at most maxBuckets buckets of a sign", () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const histogram = histogramOf(recorded);
        for (const sign of [1, -1]) {
          const { offset, counts } = sign > 0 ? histogram.positive : histogram.negative;
          assert.ok(counts.length <= 8);
          const magnitudes = recorded.map((value) => sign * value).filter((value) => value > 0);
          assert.equal(total(counts), magnitudes.length);
          const width = 2 ** -histogram.scale;
          for (const magnitude of magnitudes) {
            const exponent = Math.log2(Math.max(magnitude, 2 ** -1022));
            const isCounted = counts.some((count, i) => {
              const low = (offset + i) * width;
              return count > 0 && exponent >= low - 1e-9 && exponent <= low + width + 1e-9;
            });
            assert.ok(isCounted, `${magnitude} is in no bucket`);
          }
        }
      }),
    );
  });

  it("gives the same buckets in any order, split and merged in any way", () => {
    const dyadic = fc.array(fc.integer({ min: -60, max: 60 }).map((exponent) => 1.5 * 2 ** exponent));
    fc.assert(
      fc.property(dyadic, dyadic, (left, right) => {
        const whole = bucketsOf(histogramOf([...left, ...right]));
        assert.deepEqual(bucketsOf(histogramOf([...right, ...left].reverse())), whole);
        assert.deepEqual(bucketsOf(mergeExponentialHistograms(histogramOf(left), histogramOf(right), 8)), whole);
      }),
    );
  });

  it("puts every value into the bucket whose edges hold it, at every scale, edges and their neighbours included", () => {
    for (let scale = -10; scale <= 20; scale++) {
      for (const edge of [1, 2, 0.5, 2 ** 0.5, 2 ** 0.25, 2 ** 0.75, 1.3, 2 ** -1022, 2 ** 1023, Number.MAX_VALUE]) {
        for (const value of [edge, edge * (1 + 2 ** -52), edge * (1 - 2 ** -53)].filter(Number.isFinite)) {
          assertInBucket(value, scale);
        }
      }
    }
  });

  it("adds itself, and refuses widths that hold nothing", () => {
    const histogram = createExponentialHistogram(4);
    for (const value of [1, 3, -7, 0, 1e9]) histogram.record(value);
    const before = bucketsOf(histogram) as { positive: { counts: number[] } };
    histogram.add(histogram);
    const after = bucketsOf(histogram) as { positive: { counts: number[] }; count: number };
    assert.deepEqual(
      after.positive.counts,
      before.positive.counts.map((count) => 2 * count),
    );
    assert.equal(after.count, 10);
    for (const width of [1, 0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => createExponentialHistogram(width), /maxBuckets is/);
      assert.throws(() => mergeExponentialHistograms(histogram, histogram, width), /maxBuckets is/);
    }
  });

  it("gives the same buckets in any order where values lie on edges, whatever scale they were counted at first", () => {
    const ulps = (value: number, count: number) => value * (1 + count * 2 ** -52);
    const onEdges = fc.array(
      fc
        .tuple(
          fc.integer({ min: -256, max: 256 }),
          fc.constantFrom(8, 64, 1_024, 2 ** 14, 2 ** 20),
          fc.integer({ min: -1, max: 1 }),
        )
        .map(([k, parts, off]) => ulps(2 ** (k / parts), off)),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(onEdges, fc.constantFrom(3, 8, 160, 5_000), (recorded, width) => {
        const whole = bucketsOf(histogramOf(recorded, width));
        assert.deepEqual(bucketsOf(histogramOf([...recorded].reverse(), width)), whole);
        assert.deepEqual(
          bucketsOf(
            histogramOf(
              [...recorded].sort((a, b) => a - b),
              width,
            ),
          ),
          whole,
        );
        const apart = recorded.map((value) => histogramOf([value], width));
        assert.deepEqual(bucketsOf(apart.reduce((sum, one) => mergeExponentialHistograms(sum, one, width))), whole);
      }),
      { numRuns: 500 },
    );
  });

  it("counts anew, at the finest scale, after a reset", () => {
    const histogram = createExponentialHistogram(2);
    for (const value of [1e-300, 1e300, -5, 0]) histogram.record(value);
    histogram.reset();
    assert.deepEqual(bucketsOf(histogram), bucketsOf(createExponentialHistogram(2)));
    assert.equal(histogram.sum, 0);
  });
});
