import {
  createDistinctCounter,
  createExplicitHistogram,
  createExponentialHistogram,
  createMoments,
  createTopCategories,
  createWeightedHistogram,
  mergeExponentialHistograms,
  mergeHistograms,
} from "@tidemark/sketches";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { createSeededRandom } from "../detection/seeded-random.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";

const VALUES = { quick: 100_000, default: 2_000_000, full: 2_000_000 } as const;
const MERGES = 100_000;
/** Runs of which the median counts; the first ones also compile the code. */
const RUNS = 5;
const TARGET_VALUE_NANOSECONDS = 10;
const TARGET_MERGE_NANOSECONDS = 1_000;

/** What a value and a merge cost every sketch: normal values, 120 bins, 500 categories. */
export function benchSketches(size: BenchSize): BenchResult[] {
  const values = Float64Array.from({ length: VALUES[size] }, createSeededRandom("sketches").normal);
  const boundaries = Array.from({ length: 119 }, (_, k) => -3 + k / 20);
  const categories = Array.from({ length: 500 }, (_, k) => `category-${k}`);
  const many = Array.from({ length: 50_000 }, (_, k) => `category-${k}`);
  console.log("\nsketches, CPU time, one core");
  // A loop of its own for each, as in a service: one shared loop would be compiled for none of them.
  const recorded: Readonly<Record<string, () => void>> = {
    "explicit histogram, 120 bins": () => {
      const histogram = createExplicitHistogram(boundaries);
      for (let i = 0; i < values.length; i++) histogram.record(values[i]!);
    },
    "weighted histogram, 120 bins": () => {
      const histogram = createWeightedHistogram(boundaries);
      for (let i = 0; i < values.length; i++) histogram.record(values[i]!, 2);
    },
    "exponential histogram (quantiles)": () => {
      const histogram = createExponentialHistogram();
      for (let i = 0; i < values.length; i++) histogram.record(values[i]!);
    },
    moments: () => {
      const moments = createMoments();
      for (let i = 0; i < values.length; i++) moments.record(values[i]!);
    },
    "distinct numbers": () => {
      const counter = createDistinctCounter();
      for (let i = 0; i < values.length; i++) counter.record(values[i]!);
    },
    "distinct categories (12 characters), 500 of them": () => {
      const counter = createDistinctCounter();
      for (let i = 0; i < values.length; i++) counter.record(categories[i % 500]!);
    },
    "distinct categories (12 to 14 characters), 50,000 of them": () => {
      const counter = createDistinctCounter();
      for (let i = 0; i < values.length; i++) counter.record(many[i % many.length]!);
    },
    "frequent categories": () => {
      const counts = createTopCategories(1_000);
      for (let i = 0; i < values.length; i++) counts.record(categories[i % 500]!);
    },
  };
  return [
    ...Object.entries(recorded).map(([name, record]) =>
      toResult(
        `${name}, a value`,
        median(() => cpuSecondsOf(record) / values.length),
        TARGET_VALUE_NANOSECONDS,
      ),
    ),
    ...benchMerges(values, boundaries),
  ];
}

function benchMerges(values: Float64Array, boundaries: readonly number[]): BenchResult[] {
  const filled = <T extends { record(value: number): unknown }>(create: () => T): [T, T] => {
    const pair: [T, T] = [create(), create()];
    for (let i = 0; i < 2_000; i++) pair[i % 2]!.record(values[i]!);
    return pair;
  };
  const [left, right] = filled(() => createExplicitHistogram(boundaries));
  const [fine, coarse] = filled(() => createExponentialHistogram());
  const [moments, others] = filled(() => createMoments());
  const [distinct, seen] = filled(() => createDistinctCounter());
  const merges: Readonly<Record<string, () => unknown>> = {
    "merge of two histograms of 120 bins, in place": () => left.add(right),
    "merge of two histograms of 120 bins into a third": () => mergeHistograms(left, right),
    "merge of two exponential histograms, in place": () => fine.add(coarse),
    "merge of two exponential histograms into a third": () => mergeExponentialHistograms(fine, coarse),
    "merge of moments": () => moments.add(others),
    "merge of distinct counts, 4,096 registers": () => distinct.add(seen),
  };
  return Object.entries(merges).map(([name, merge]) => {
    const seconds = median(
      () =>
        cpuSecondsOf(() => {
          for (let i = 0; i < MERGES; i++) merge();
        }) / MERGES,
    );
    return toResult(name, seconds, TARGET_MERGE_NANOSECONDS);
  });
}

function median(measure: () => number): number {
  return Array.from({ length: RUNS }, measure).sort((a, b) => a - b)[RUNS >> 1]!;
}

function toResult(name: string, seconds: number, target: number): BenchResult {
  const nanoseconds = 1e9 * seconds;
  console.log(`${name.padEnd(46)} ${nanoseconds.toFixed(1).padStart(8)} ns | target ${target}`);
  return { name, value: nanoseconds, unit: "ns", against: `target: at most ${target}`, ratio: target / nanoseconds };
}
