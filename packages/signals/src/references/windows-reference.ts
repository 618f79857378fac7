import {
  type BinKind,
  createDetectionReference,
  type DetectionReference,
  mergeByMap,
  rareBinMap,
} from "@tidemark/stats";

/**
 * Counts of windows before as a reference: their rows depend on each other as the window's do, so they count as `rows / inflation`, and
 * bins with too few of those are merged. Where that leaves one bin, as with vectors that all have the length 1, what lies on
 * either side of it stays apart: it would be the only change there is to see.
 *
 * @param variance inflation of the location and of the scale probe.
 */
export function windowsReference(
  counts: readonly number[],
  kind: BinKind,
  variance: readonly number[],
): { readonly reference: DetectionReference; readonly map: readonly number[] } {
  const rowsPerIndependent = Math.max(1, ...variance);
  const merged = rareBinMap(
    counts.map((count) => count / rowsPerIndependent),
    kind,
  );
  const map = kind === "numeric" && merged.every((bin) => bin === 0) ? aroundLargest(counts) : merged;
  return { reference: createDetectionReference(mergeByMap(counts, map), kind, rowsPerIndependent), map };
}

/** Bins below the largest, itself, and above. */
function aroundLargest(counts: readonly number[]): number[] {
  const largest = counts.indexOf(Math.max(...counts));
  const own = largest === 0 ? 0 : 1;
  return counts.map((_, bin) => (bin < largest ? 0 : bin === largest ? own : own + 1));
}
