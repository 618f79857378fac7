import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { benchMonths } from "./bench-months.ts";
import { benchRows } from "./bench-rows.ts";
import { benchWeeks } from "./bench-weeks.ts";
import { benchWindows } from "./bench-windows.ts";
import type { DetectionRun } from "./detection-run.ts";
import { createShares } from "./shares.ts";

const PARTS: Readonly<Record<string, (run: DetectionRun) => BenchResult[]>> = {
  windows: benchWindows,
  rows: benchRows,
  weeks: benchWeeks,
  months: benchMonths,
};

/** False criticals, drift found and delays of the detector with its defaults, on streams with seeds of their own. */
export function benchDetection({ size, part, seed, sharesFolder }: BenchOptions): BenchResult[] {
  const run = { size, seed, shares: createShares(sharesFolder) };
  const parts = part === null ? Object.values(PARTS) : [PARTS[part]];
  return parts.flatMap((bench) => {
    if (bench === undefined) throw new RangeError(`part is ${part}; the detection benchmark has ${Object.keys(PARTS)}`);
    return bench(run);
  });
}
