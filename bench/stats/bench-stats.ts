import type { BenchResult, BenchSize } from "../bench-result.ts";
import { benchDetectors } from "./bench-detectors.ts";
import { benchDistances } from "./bench-distances.ts";
import { benchExactDistances } from "./bench-exact-distances.ts";
import { benchSketches } from "./bench-sketches.ts";

/** Speed of histograms, distances, merges and detectors on one core, beside peers. */
export function benchStats(size: BenchSize): BenchResult[] {
  return [...benchDistances(size), ...benchExactDistances(size), ...benchSketches(size), ...benchDetectors(size)];
}
