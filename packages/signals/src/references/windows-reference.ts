import {
  type BinKind,
  createDetectionReference,
  type DetectionReference,
  mergeByMap,
  rareBinMap,
} from "@tidemark/stats";
import { categoryMap } from "../drift/detection-bins.ts";

interface WindowsReferenceOptions {
  readonly kind: BinKind;
  /** Inflation of the location and of the scale probe. */
  readonly variance: readonly number[];
  /** Of the categories in the training data, by which it is decided which of them stand alone. */
  readonly shares?: ArrayLike<number>;
}

/**
 * Counts of windows before as a reference: their rows depend on each other as the window's do, so they count as `rows / inflation`, and
 * bins with too few of those are merged. Where that leaves one bin, as with vectors that all have the length 1, what lies on
 * either side of it stays apart: it would be the only change there is to see.
 */
export function windowsReference(
  counts: readonly number[],
  { kind, variance, shares = [] }: WindowsReferenceOptions,
): { readonly reference: DetectionReference; readonly map: readonly number[] } {
  const rowsPerIndependent = Math.max(1, ...variance);
  const independent = counts.map((count) => count / rowsPerIndependent);
  const map = kind === "numeric" ? numericMap(independent) : categoryMap(independent, shares);
  return { reference: createDetectionReference(mergeByMap(counts, map), kind, rowsPerIndependent), map };
}

function numericMap(counts: readonly number[]): number[] {
  const merged = rareBinMap(counts, "numeric");
  return merged.every((bin) => bin === 0) ? aroundLargest(counts) : merged;
}

/** Bins below the largest, itself, and above. */
function aroundLargest(counts: readonly number[]): number[] {
  const largest = counts.indexOf(Math.max(...counts));
  const own = largest === 0 ? 0 : 1;
  return counts.map((_, bin) => (bin < largest ? 0 : bin === largest ? own : own + 1));
}
