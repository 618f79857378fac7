import type { BenchSize } from "../bench-result.ts";
import type { Shares } from "./shares.ts";

/** What all parts of the detection benchmark are run with. */
export interface DetectionRun {
  readonly size: BenchSize;
  /** Goes before every seed: another text gives fresh streams throughout. */
  readonly seed: string;
  readonly shares: Shares;
}
