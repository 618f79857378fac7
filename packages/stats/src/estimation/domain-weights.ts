import { rocAuc } from "../scores/roc-auc.ts";
import { type CodedRows, ridgeLogistic } from "./ridge-regression.ts";

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
  const rows = [
    ...reference.codes.map((codes, i) => ({ codes, fold: i % 2, label: 0 })),
    ...current.codes.map((codes, i) => ({ codes, fold: i % 2, label: 1 })),
  ];
  const scores = new Float64Array(rows.length);
  for (const fold of [0, 1]) {
    const others = rows.filter((row) => row.fold !== fold);
    const labels = others.map(({ label }) => label);
    const beta = ridgeLogistic({ codes: others.map(({ codes }) => codes), sizes }, labels, { penalty });
    rows.forEach((row, i) => {
      if (row.fold === fold) scores[i] = linearPredictor(row.codes, sizes, beta);
    });
  }
  const referenceCount = reference.codes.length;
  const ratio = referenceCount / current.codes.length;
  const referenceScores = scores.slice(0, referenceCount);
  const odds = referenceScores.map((score) => Math.min(clip, Math.exp(Math.min(20, Math.max(-20, score))) * ratio));
  const mean = odds.reduce((sum, value) => sum + value, 0) / referenceCount;
  const weights = odds.map((value) => value / mean);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const ranked = rows.map(({ label }, i) => ({
    score: scores[i]!,
    positive: label === 1,
    weight: 1,
    squaredWeight: 1,
  }));
  const auc = rocAuc(ranked).value ?? Number.NaN;
  return {
    weights,
    effectiveShare: referenceCount / squares,
    auc,
    referenceScores,
    currentScores: scores.slice(referenceCount),
  };
}

function linearPredictor(codes: readonly number[], sizes: readonly number[], beta: Float64Array): number {
  let offset = 1;
  return codes.reduce((sum, code, j) => {
    const value = beta[offset + code]!;
    offset += sizes[j]!;
    return sum + value;
  }, beta[0]!);
}
