import { createExplicitHistogram, mergeHistograms } from "@tidemark/sketches";
import type { BenchResult } from "../bench-result.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";

const MERGES = 200_000;
const TARGET_NANOSECONDS = 1_000;

/** Adding two histograms of 120 bins on the same boundaries. */
export function benchMerges(): BenchResult[] {
  const boundaries = Array.from({ length: 119 }, (_, k) => k);
  const [left, right] = [createExplicitHistogram(boundaries), createExplicitHistogram(boundaries)];
  for (let value = 0; value < 1_000; value++) {
    left.record(value % 120);
    right.record(value % 7);
  }
  const nanoseconds = [0, 1].map(() => {
    const seconds = cpuSecondsOf(() => {
      for (let i = 0; i < MERGES; i++) mergeHistograms(left, right);
    });
    return (1e9 * seconds) / MERGES;
  })[1]!;
  console.log(`\nmerge of two histograms of 120 bins: ${nanoseconds.toFixed(0)} ns`);
  return [
    {
      name: "merge of two histograms of 120 bins",
      value: nanoseconds,
      unit: "ns",
      against: `target: at most ${TARGET_NANOSECONDS}`,
      ratio: TARGET_NANOSECONDS / nanoseconds,
    },
  ];
}
