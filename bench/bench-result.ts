/** One measured number beside what it is compared with. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, and that one's value in the same unit; null where there is nothing to compare. */
  readonly against: string | null;
  /** Above 1: ours is better. Null without a comparison. */
  readonly ratio: number | null;
  /** 95 % interval of `value`, where it is an estimate from trials. */
  readonly lower?: number;
  readonly upper?: number;
  /** Windows, streams or rows that the value was counted over. */
  readonly trials?: number;
}

/** How much of a benchmark is run: `quick` for a look, `full` for the published tables. */
export type BenchSize = "quick" | "default" | "full";
