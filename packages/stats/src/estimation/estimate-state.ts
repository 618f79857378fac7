export type EstimateTrust = "unproven" | "trusted" | "untrusted";

/** Back-tested windows that trust rests on. */
export const TRUST_WINDOWS = 8;

/**
 * Trust in an estimate from its last eight matured windows: fewer than five `unproven`, at most two misses `trusted`, else `untrusted`.
 *
 * @param hits oldest first, true where the truth fell in the interval issued at the time.
 */
export function estimateTrust(hits: readonly boolean[]): EstimateTrust {
  const last = hits.slice(-TRUST_WINDOWS);
  if (last.length < 5) return "unproven";
  return last.filter((hit) => !hit).length <= 2 ? "trusted" : "untrusted";
}

export interface EstimateJudgement {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly baseline: number;
  readonly warningTolerance: number;
  readonly criticalTolerance: number;
  readonly trust: EstimateTrust;
  readonly rowCount: number;
  readonly expectedPositives: number;
  readonly expectedNegatives: number;
  /** Default true. */
  readonly higherIsBetter?: boolean;
}

/**
 * State of an estimated metric. `critical` only if the whole interval is beyond the critical tolerance and the estimate is trusted;
 * `insufficient_data` below 300 rows or ten expected rows of a class, or where a value is not finite.
 */
export function estimateState(judged: EstimateJudgement): "insufficient_data" | "critical" | "warning" | "ok" {
  const { estimate, lower, upper, baseline, trust } = judged;
  const finite = [estimate, lower, upper].every(Number.isFinite);
  const fewest = Math.min(judged.expectedPositives, judged.expectedNegatives);
  if (judged.rowCount < 300 || fewest < 10 || !finite) return "insufficient_data";
  const sign = (judged.higherIsBetter ?? true) ? 1 : -1;
  const least = Math.min(sign * (baseline - lower), sign * (baseline - upper));
  if (least > judged.criticalTolerance && trust === "trusted") return "critical";
  const drop = sign * (baseline - estimate);
  return drop > judged.warningTolerance || least > judged.criticalTolerance ? "warning" : "ok";
}
