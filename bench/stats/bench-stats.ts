import type { BenchResult, BenchSize } from "../bench-result.ts";
import { benchDetectors } from "./bench-detectors.ts";
import { benchDistances } from "./bench-distances.ts";
import { benchMerges } from "./bench-merges.ts";

/** Speed of histograms, distances, merges and detectors on one core, beside peers. */
export function benchStats(size: BenchSize): BenchResult[] {
  return [...benchDistances(size), ...benchMerges(), ...benchDetectors(size)];
}
