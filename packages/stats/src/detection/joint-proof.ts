import type { BinKind } from "./detection-reference.ts";

interface WindowProof {
  readonly kind: BinKind;
  readonly rows: number;
  readonly referenceRows: number;
  readonly variance: readonly [number, number];
  readonly logEvidence: number;
  readonly pValue: number;
}

/** References of this many rows or more do not limit the evidence that a window can give. */
const SMALL_REFERENCE_ROWS = 5_000;
/** Rows of window and reference together, 1/(1/n + 1/N): below, the p-value is not to be trusted; above, e >= 1000 finds enough. */
const LEAST_EFFECTIVE_ROWS = 300;
const MOST_EFFECTIVE_ROWS = 800;
/** Rows that depend on each other more than this leave e >= 1000 alone: their inflation is itself an estimate. */
const LARGEST_INFLATION = 1.25;
const LARGEST_P_VALUE = 0.001;
/** Categories need less: their p-value is of one test, that of numbers of three. */
const LEAST_LOG_EVIDENCE = { numeric: Math.log(50), categorical: Math.log(13) } as const;

/**
 * Whether two weaker proofs together replace e >= 1000 where the reference is small: p <= 0.001 with e >= 50 (numeric) or
 * e >= 13 (categorical).
 *
 * The reference's own error bounds the evidence of a shift of d standard deviations by about N d^2 / 2 nats for N reference
 * rows, however long the window, so against 1,000 rows e >= 1000 misses drifts that matter. The e-value and the score test
 * err in different places (a mixture of shapes wastes evidence, the normal approximation errs for sparse bins).
 *
 * What holds it: p <= 0.001 alone happens to 1 of 1,000 stable windows *asymptotically*, and the demand on e only takes
 * from that. Nothing exact, as e >= 1000 has. The limits on e and the range of effective rows are empirical: chosen so that
 * at most 1 of 1,000 stable windows was measured in any of 12 cells of 20,000 to 60,000 windows (0.35 to 0.85), then
 * measured again with other seeds (docs/benchmarks/detection.md).
 *
 * @returns false where the reference has 5,000 rows or more, where rows depend on each other, and outside 300 to 800
 * effective rows 1/(1/n + 1/N).
 */
export function isJointProof({ kind, rows, referenceRows, variance, logEvidence, pValue }: WindowProof): boolean {
  if (referenceRows >= SMALL_REFERENCE_ROWS || Math.max(...variance) > LARGEST_INFLATION) return false;
  const effectiveRows = 1 / (1 / rows + 1 / referenceRows);
  if (effectiveRows < LEAST_EFFECTIVE_ROWS || effectiveRows > MOST_EFFECTIVE_ROWS) return false;
  return logEvidence >= LEAST_LOG_EVIDENCE[kind] && pValue <= LARGEST_P_VALUE;
}
