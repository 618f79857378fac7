import { domainWeights } from "./domain-weights.ts";
import type { CodedRows } from "./ridge-regression.ts";

/** Rows of the reference, weighted to look like a window. */
export interface WindowDomain {
  /** Places of the reference's rows, and their weights, mean 1. */
  readonly places: readonly number[];
  readonly weights: Float64Array;
  /** (sum w)^2 / (n sum w^2), in (0, 1]. */
  readonly effectiveShare: number;
  /** AUC of telling window from reference. */
  readonly auc: number;
  /** False where the weights rest on too few rows to be used. */
  readonly hasOverlap: boolean;
}

/** Effective share below which importance weights rest on too few rows. */
const MIN_EFFECTIVE_SHARE = 0.05;
/** Rows of the reference that a window is told apart from: four times its own, and at least so many. */
const MIN_ROWS = 5_000;

/** Weights at most four times the window's rows of the reference, evenly spread, for the window. Cost: two ridge regressions. */
export function windowDomain(reference: CodedRows, window: CodedRows): WindowDomain {
  const count = reference.codes.length;
  const kept = Math.min(count, Math.max(MIN_ROWS, 4 * window.codes.length));
  const places = Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
  const rows = { ...reference, codes: places.map((i) => reference.codes[i]!) };
  const { weights, effectiveShare, auc } = domainWeights(rows, window);
  return { places, weights, effectiveShare, auc, hasOverlap: effectiveShare >= MIN_EFFECTIVE_SHARE };
}
