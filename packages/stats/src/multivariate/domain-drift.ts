import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import { domainWeights } from "../estimation/domain-weights.ts";
import type { CodedRows } from "../estimation/ridge-regression.ts";

export interface DomainDrift {
  /** How well a classifier tells window rows from reference rows that it was not fitted on; 0.5 where it cannot. */
  readonly auc: number;
  /** Of the area where nothing changed. */
  readonly standardError: number;
  /** One-sided: of an area at least this large where nothing changed. */
  readonly pValue: number;
}

export interface DomainDriftOptions {
  /** Ridge penalty of the classifier. Default 5. */
  readonly penalty?: number;
}

/**
 * Multivariate drift by a domain classifier: a ridge logistic regression over feature codes learns reference against window on one half
 * of the rows and is scored on the other (two folds, by row parity). Deterministic.
 *
 * Under the null the area has mean 1/2 and twice Mann-Whitney's variance, (n + m + 1) / (6 n m): both folds measure how far the noise of
 * one half of the rows is like that of the other, so they do not average out. Additive over the codes, so it sees every change of a single
 * feature, and of joint distributions what shows in the margins: for correlations use `fitPcaReconstruction` or `fitRandomSlices`.
 *
 * @param reference coded rows (`learnFeatureCodes`, `encodeFeature`), at least four.
 * @param window with the same code sizes, at least four.
 * @throws RangeError where a side has fewer than four rows.
 * Source: S. Rabanser, S. Günnemann, Z. Lipton, NeurIPS (2019), arXiv:1810.11953.
 */
export function domainDrift(
  reference: CodedRows,
  window: CodedRows,
  { penalty = 5 }: DomainDriftOptions = {},
): DomainDrift {
  for (const [name, { codes }] of Object.entries({ reference, window })) {
    if (codes.length < 4) throw new RangeError(`${name} has ${codes.length} rows; expected at least four`);
  }
  const { auc } = domainWeights(reference, window, penalty);
  const [n, m] = [reference.codes.length, window.codes.length];
  const standardError = Math.sqrt((n + m + 1) / (6 * n * m));
  return { auc, standardError, pValue: normalUpperTail((auc - 0.5) / standardError) };
}
