import type { BenchResult, BenchSize } from "../bench-result.ts";
import { benchRows } from "./bench-rows.ts";
import { benchWindows } from "./bench-windows.ts";

/** False criticals, drift found and delays of the detector with its defaults, on streams with seeds of their own. */
export function benchDetection(size: BenchSize): BenchResult[] {
  return [...benchWindows(size), ...benchRows(size)];
}
