import { areaOfScores } from "../scores/area-of-scores.ts";
import { type CodedRows, linearPredictors, ridgeLogistic } from "./ridge-regression.ts";

export interface DomainWeights {
  /** One per reference row, mean 1. */
  readonly weights: Float64Array;
  /** (sum w)^2 / (n sum w^2), in (0, 1]; below 0.05 the weights carry little. */
  readonly effectiveShare: number;
  /** ROC AUC of telling window from reference; 0.5 where they cannot be told apart. */
  readonly auc: number;
  /** Cross-fitted log-odds of being a window row. */
  readonly referenceScores: Float64Array;
  readonly currentScores: Float64Array;
}

/**
 * Importance weights of the reference for the window, p_c(x)/p_r(x), from a ridge logistic domain classifier fitted on the rows of the other
 * parity (two folds): odds * n_r/n_c, cut at `clip`, then scaled to mean 1. Deterministic: rows in the order given.
 *
 * @param reference and `current` share `sizes`; each at least two rows.
 * Source: M. Sugiyama, M. Krauledat, K.-R. Müller, JMLR 8 (2007), with density ratios by classification.
 */
export function domainWeights(reference: CodedRows, current: CodedRows, penalty = 5, clip = 20): DomainWeights {
  const { sizes } = reference;
  const referenceScores = new Float64Array(reference.codes.length);
  const currentScores = new Float64Array(current.codes.length);
  for (const fold of [0, 1]) {
    const [before, now] = [ofParity(reference.codes, 1 - fold), ofParity(current.codes, 1 - fold)];
    const labels = [...before.map(() => 0), ...now.map(() => 1)];
    const beta = ridgeLogistic({ codes: [...before, ...now], sizes }, labels, { penalty });
    for (const [scores, { codes }] of [[referenceScores, reference] as const, [currentScores, current] as const]) {
      linearPredictors({ codes: ofParity(codes, fold), sizes }, beta).forEach((score, i) => {
        scores[2 * i + fold] = score;
      });
    }
  }
  const referenceCount = reference.codes.length;
  const ratio = referenceCount / current.codes.length;
  const odds = referenceScores.map((score) => Math.min(clip, Math.exp(Math.min(20, Math.max(-20, score))) * ratio));
  const mean = odds.reduce((sum, value) => sum + value, 0) / referenceCount;
  const weights = odds.map((value) => value / mean);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const auc = areaOfScores(currentScores, referenceScores);
  return { weights, effectiveShare: referenceCount / squares, auc, referenceScores, currentScores };
}

function ofParity<T>(rows: readonly T[], parity: number): T[] {
  return rows.filter((_, i) => i % 2 === parity);
}
