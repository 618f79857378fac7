import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BucketRange,
  type CategoryCounts,
  createBucketIndex,
  createCategoryCounter,
  createDistinctCounter,
  createExplicitHistogram,
  createExponentialHistogram,
  createHistogramBlock,
  createHistogramLayout,
  createJointTable,
  createMoments,
  createTopCategories,
  createWeightedHistogram,
  type ExponentialCounts,
  effectiveCounts,
  effectiveSampleSize,
  explicitQuantile,
  exponentialQuantile,
  type HistogramCounts,
  type JointDimension,
  type MomentsState,
  marginalTable,
  mergeCategoryCounts,
  mergeExponentialHistograms,
  mergeHistograms,
  mergeJointTables,
  mergeTopCategories,
  mergeWeightedHistograms,
  restoreMoments,
} from "@tidemark/sketches";
import { findNaN, wrongAnswers } from "../../../test/tools/spoiled-calls.ts";

const counts = (values: readonly number[]) => Float64Array.from(values);

/** What an explicit histogram has counted, told with arrays of numbers. */
interface Told {
  readonly boundaries: readonly number[];
  readonly values: readonly number[];
}

function told({ boundaries, values }: Told): HistogramCounts {
  const histogram = createExplicitHistogram(boundaries);
  for (const value of values) histogram.record(value);
  return histogram;
}

function exponential(values: readonly number[], maxBuckets: number): ExponentialCounts {
  const histogram = createExponentialHistogram(maxBuckets);
  for (const value of values) histogram.record(value);
  return histogram;
}

const plain = ({ scale, zeroCount, positive, negative, count, sum }: ExponentialCounts) => ({
  scale,
  zeroCount,
  positive,
  negative,
  count,
  sum,
});

function moments(values: readonly number[], weights: readonly number[], center: number) {
  const all = createMoments(center);
  for (const [i, value] of values.entries()) all.record(value, weights[i]);
  return all;
}

const described = ({
  count,
  weight,
  effectiveSize,
  mean,
  variance,
  populationVariance,
  min,
  max,
}: ReturnType<typeof createMoments>) => ({
  count,
  weight,
  effectiveSize,
  mean,
  variance,
  populationVariance,
  min,
  max,
});

function weighted(boundaries: readonly number[], rows: readonly (readonly [number, number])[]) {
  const histogram = createWeightedHistogram(boundaries);
  for (const [value, weight] of rows) histogram.record(value, weight);
  return histogram;
}

function table(boundaries: readonly number[], rows: readonly (readonly [string, number, number])[]) {
  const dimensions: JointDimension[] = [
    { kind: "categories", categories: ["a", "b"] },
    { kind: "boundaries", boundaries },
  ];
  const joint = createJointTable(dimensions);
  for (const [category, value, weight] of rows) joint.record([category, value], weight);
  return joint;
}

const rows = [
  [0.5, 1],
  [1.5, 2],
  [9, 4],
];
const segments = [
  ["a", 0.5, 1],
  ["b", 1.5, 2],
  ["c", 9, 4],
];
const one: Told = { boundaries: [0, 1, 2], values: [0.5, 1, 7] };

/** A scenario a sketch: everything it can be asked after the arguments went in, and arguments that are fine. */
const scenarios: Readonly<Record<string, readonly [(...args: never[]) => unknown, readonly unknown[]]>> = {
  createBucketIndex: [
    (edges: number[], value: number) => createBucketIndex(Float64Array.from(edges)).find(value),
    [[0, 1], 0.5],
  ],
  createExplicitHistogram: [
    (given: Told) => {
      const { counts: own, count, sum } = told(given);
      return { own, count, sum };
    },
    [one],
  ],
  mergeHistograms: [(a: Told, b: Told) => mergeHistograms(told(a), told(b)), [one, one]],
  explicitQuantile: [(given: Told, p: number) => explicitQuantile(told(given), p), [one, 0.5]],
  createHistogramLayout: [
    (edges: number[][], row: number[]) => {
      const layout = createHistogramLayout(edges);
      const block = createHistogramBlock(layout);
      const bins = new Int32Array(row.length);
      layout.locate(Float64Array.from(row), bins);
      block.add(Float64Array.from(row), bins);
      block.addAll(block);
      return block.histograms.map(({ counts: own, count, sum }) => ({ own, count, sum }));
    },
    [
      [
        [0, 1],
        [5, 6, 7],
      ],
      [0.5, 6.5],
    ],
  ],
  createWeightedHistogram: [
    (edges: number[], given: [number, number][]) => {
      const histogram = weighted(edges, given);
      return {
        weights: histogram.weights,
        count: histogram.count,
        n: effectiveSampleSize(histogram),
        counts: effectiveCounts(histogram),
      };
    },
    [[0, 1], rows],
  ],
  mergeWeightedHistograms: [
    (edges: number[], a: [number, number][], b: [number, number][]) =>
      mergeWeightedHistograms(weighted(edges, a), weighted(edges, b)),
    [[0, 1], rows, rows],
  ],
  createExponentialHistogram: [
    (values: number[], maxBuckets: number) => plain(exponential(values, maxBuckets)),
    [[0.1, -3, 0, 1e9], 8],
  ],
  mergeExponentialHistograms: [
    (a: number[], b: number[], maxBuckets: number) =>
      plain(mergeExponentialHistograms(exponential(a, 8), exponential(b, 8), maxBuckets)),
    [[0.1, -3, 0], [5, 1e9], 8],
  ],
  "ExponentialHistogram.add of what another writer sends": [
    (scale: number, zeroCount: number, count: number, sum: number, offset: number, own: number[]) => {
      const positive: BucketRange = { offset, counts: counts(own) };
      const histogram = createExponentialHistogram(8);
      histogram.record(3);
      histogram.add({ scale, zeroCount, count, sum, positive, negative: { offset: 0, counts: counts([]) } });
      return plain(histogram);
    },
    [2, 1, 4, 9, -3, [1, 0, 2]],
  ],
  exponentialQuantile: [
    (values: number[], p: number) => exponentialQuantile(exponential(values, 8), p),
    [[0.1, -3, 0, 1e9], 0.5],
  ],
  createMoments: [
    (values: number[], weights: number[], center: number) => {
      const all = moments(values, weights, center);
      all.add(moments(values, weights, center));
      return { described: described(all), state: all.state(), again: described(restoreMoments(all.state())) };
    },
    [[1, 2, 5], [1, 2, 1], 0],
  ],
  restoreMoments: [
    (state: MomentsState) => {
      const all = restoreMoments(state);
      all.record(3);
      return described(all);
    },
    [JSON.parse(JSON.stringify(moments([1, 2], [1, 2], 0).state()))],
  ],
  createCategoryCounter: [
    (recorded: string[]) => {
      const counter = createCategoryCounter(["a", "b"]);
      for (const category of recorded) counter.record(category);
      return mergeCategoryCounts(counter, counter);
    },
    [["a", "never seen"]],
  ],
  createTopCategories: [
    (capacity: number, recorded: string[], limit: number) => {
      const top = createTopCategories(capacity);
      for (const category of recorded) top.record(category);
      const merged = mergeTopCategories(top, top);
      return { top: top.top(limit), rest: top.rest, merged: merged.top(), error: merged.error };
    },
    [2, ["a", "b", "a", "c"], 2],
  ],
  createDistinctCounter: [
    (precision: number, values: number[]) => {
      const counter = createDistinctCounter(precision);
      for (const value of values) counter.record(value);
      return counter.estimate();
    },
    [6, [1, 2, 3]],
  ],
  "DistinctCounter.add of registers from elsewhere": [
    (precision: number, registers: number[]) => {
      const counter = createDistinctCounter(4);
      counter.add({ precision, registers: Uint8Array.from(registers) });
      return counter.estimate();
    },
    [4, Array.from({ length: 16 }, (_, i) => i)],
  ],
  createJointTable: [
    (edges: number[], given: [string, number, number][]) => {
      const joint = table(edges, given);
      return {
        weights: joint.weights,
        squared: joint.squaredWeights,
        n: effectiveSampleSize(joint),
        merged: mergeJointTables(joint, joint),
      };
    },
    [[0, 1], segments],
  ],
  marginalTable: [
    (edges: number[], given: [string, number, number][], kept: number[]) => marginalTable(table(edges, given), kept),
    [[0, 1], segments, [1]],
  ],
};

for (const [name, [run, good]] of Object.entries(scenarios)) {
  test(`${name} answers without NaN or refuses by name, whichever number or array is spoiled`, () => {
    const call = run as (...args: unknown[]) => unknown;
    assert.equal(findNaN(call(...good)), null, "the call that is spoiled succeeds");
    assert.deepEqual(wrongAnswers(call, good), []);
  });
}

test("sums beyond a double stay at the largest one, and are never NaN, whichever signs meet", () => {
  const high = [1e308, 1e308];
  const low = [-1e308, -1e308];
  const edges = [0];
  const explicit = mergeHistograms(told({ boundaries: edges, values: high }), told({ boundaries: edges, values: low }));
  assert.ok(!Number.isNaN(explicit.sum));
  assert.ok(!Number.isNaN(mergeExponentialHistograms(exponential(high, 8), exponential(low, 8)).sum));
  const layout = createHistogramLayout([edges]);
  const blocks = [high, low].map((values) => {
    const block = createHistogramBlock(layout);
    for (const value of values) block.add(Float64Array.of(value), Int32Array.of(value > 0 ? 1 : 0));
    return block;
  });
  blocks[0]!.addAll(blocks[1]!);
  assert.ok(!Number.isNaN(blocks[0]!.histograms[0]!.sum));
});

test("aggregates that do not fit each other are refused by name", () => {
  const lists = [["a"], ["b"]].map((categories) => createCategoryCounter(categories)) as CategoryCounts[];
  assert.throws(() => mergeCategoryCounts(lists[0]!, lists[1]!), /categories of the two/);
  assert.throws(() => mergeHistograms(told(one), told({ ...one, boundaries: [0, 1] })), /boundaries of the two/);
  assert.throws(() => mergeWeightedHistograms(weighted([0], []), weighted([1], [])), /boundaries of the two/);
  assert.throws(() => mergeTopCategories(createTopCategories(1), createTopCategories(2)), /capacity of the two/);
  assert.throws(() => createMoments(0).add(createMoments(1)), /center of the two/);
  const layouts = [[[0]], [[1]]].map((edges) => createHistogramBlock(createHistogramLayout(edges)));
  assert.throws(() => layouts[0]!.addAll(layouts[1]!), /boundaries of the two/);
  const two = createHistogramBlock(createHistogramLayout([[0], [1]]));
  assert.throws(() => two.addAll(layouts[0]!), /other has 1 histograms, this block 2/);
});
