import type { PerformanceSplit } from "./performance-split.ts";

/** Kind of a data fault, in the words of the first cause. */
export type FaultKind = "nulls" | "stuck" | "swapped" | "unit_change" | "new_category";
export type FirstCause = "silence" | FaultKind | "concept_shift" | "covariate_shift" | "none";

export interface CauseEvidence {
  readonly rowCount: number;
  /** 0 when no count is expected. */
  readonly expectedCount: number;
  /** Heaviest first. */
  readonly faults: readonly FaultKind[];
  /** Left out before labels come. */
  readonly split?: Pick<PerformanceSplit, "within" | "withinError" | "mix" | "mixError">;
  /** ROC AUC of window against reference, and the rows it was measured on. */
  readonly domainAuc: number;
  readonly domainCount: number;
  /** Change of mean loss that is too small to name. */
  readonly tolerance: number;
}

/**
 * First cause of a change: silence (count < 30 % of expected and > 4 Poisson sd below), data fault, new category, then the larger significant
 * part (|part| > max(3 se, tolerance)) of concept and covariate; without labels covariate where AUC - 0.5 > max(0.02, 4 se).
 * An order of plausibility, not a proof of cause.
 *
 * @example firstCause({ rowCount: 10, expectedCount: 1000, faults: [], domainAuc: 0.5, domainCount: 10, tolerance: 0 }) // "silence"
 */
export function firstCause(evidence: CauseEvidence): FirstCause {
  const { rowCount, expectedCount, faults, split, domainAuc, domainCount, tolerance } = evidence;
  if (expectedCount > 0 && rowCount < 0.3 * expectedCount && rowCount < expectedCount - 4 * Math.sqrt(expectedCount)) {
    return "silence";
  }
  const fault = faults.find((kind) => kind !== "new_category") ?? faults[0];
  if (fault) return fault;
  const aucError = Math.sqrt((domainCount + 1) / (12 * (domainCount / 2) ** 2));
  const moved = domainAuc - 0.5 > Math.max(0.02, 4 * aucError);
  if (split) {
    const concept = Math.abs(split.within) > Math.max(3 * split.withinError, tolerance);
    const covariate = Math.abs(split.mix) > Math.max(3 * split.mixError, tolerance);
    if (concept && (!covariate || Math.abs(split.within) >= Math.abs(split.mix))) return "concept_shift";
    return covariate || moved ? "covariate_shift" : "none";
  }
  return moved ? "covariate_shift" : "none";
}
