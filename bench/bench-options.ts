import type { BenchSize } from "./bench-result.ts";

/** What a benchmark is run with; one without shares or seeds of its own leaves the rest. */
export interface BenchOptions {
  readonly size: BenchSize;
  /** One part of the benchmark alone; null for all. */
  readonly part: string | null;
  readonly seed: string;
  /** Where finished shares are kept; null keeps nothing. */
  readonly sharesFolder: string | null;
  /** Data sets that are not part of the repository; null where none were named. */
  readonly dataFolder: string | null;
}
