import { type AgreementKind, agreementScore } from "./agreement-score.ts";
import { type ClassAverage, type ClassScoreKind, classScore } from "./class-score.ts";
import type { ConfusionMatrix } from "./confusion-matrix.ts";
import { deltaEstimate } from "./delta-estimate.ts";
import type { Estimate } from "./estimate.ts";

/** What to compute of a confusion matrix. */
export type ClassificationScore =
  | { readonly kind: AgreementKind }
  | {
      readonly kind: ClassScoreKind;
      /** Mean over the classes, or the index of one class. */
      readonly average: ClassAverage;
      /** Weight of recall against precision in `f`; 1 by default. */
      readonly beta?: number;
      /** What a class counts as where its score does not exist; null (the default) makes a mean over it null. */
      readonly undefinedAs?: number | null;
    };

/**
 * One score of a multi-class (or binary) classifier with its 95 % interval, by the delta method; values equal scikit-learn's.
 *
 * Accuracy and agreement: `accuracy`, `balanced_accuracy` (mean recall of the classes that occur), `matthews` (MCC),
 * `kappa`, `linear_kappa`, `quadratic_kappa`. By class: `precision`, `recall`, `f`, `jaccard`, averaged `macro` (mean of the classes),
 * `micro` (of the pooled cells) or `weighted` (by the class's rows).
 *
 * @param matrix see confusionMatrix.
 * @returns nulls where the score does not exist: no rows, or 0 / 0.
 * @throws RangeError where `average` is a class that does not exist.
 * Sources: deltaEstimate; J. Gorodkin, Comput. Biol. Chem. 28 (2004), doi:10.1016/j.compbiolchem.2004.09.006 (MCC);
 * J. Cohen, Psychological Bulletin 70 (1968), doi:10.1037/h0026256 (weighted kappa).
 * @example classificationScore(matrix, { kind: "f", average: "macro" })
 */
export function classificationScore(matrix: ConfusionMatrix, score: ClassificationScore): Estimate {
  const { classes, weights, squaredWeights } = matrix;
  if ("average" in score) {
    const { kind, average, beta = 1, undefinedAs = null } = score;
    if (typeof average === "number" && !(Number.isInteger(average) && average >= 0 && average < classes)) {
      throw new RangeError(
        `average is ${average}; expected macro, micro, weighted or a class from 0 to ${classes - 1}`,
      );
    }
    const options = { kind, average, beta, undefinedAs };
    return deltaEstimate(weights, squaredWeights, (cells) => classScore(cells, classes, options), [0, 1]);
  }
  const lowest = score.kind === "accuracy" || score.kind === "balanced_accuracy" ? 0 : -1;
  return deltaEstimate(weights, squaredWeights, (cells) => agreementScore(cells, classes, score.kind), [lowest, 1]);
}
