import { type RowWeight, squaredWeightOf } from "./weighted-rows.ts";

/** Rows with equal prediction and truth, as indexes of classes. */
export interface ClassifiedGroup extends RowWeight {
  readonly actual: number;
  readonly predicted: number;
}

/** Weights by actual class (row) and predicted class (column), row by row. */
export interface ConfusionMatrix {
  readonly classes: number;
  readonly weights: readonly number[];
  /** Per cell, the sum of its rows' squared weights. */
  readonly squaredWeights: readonly number[];
}

/** A matrix of their square is kept. */
const MOST_CLASSES = 4_096;

/**
 * Confusion matrix of classified rows: `weights[actual * classes + predicted]`.
 *
 * @param groups in one fixed (sorted) order, in which the sums run.
 * @param classes number of classes, a whole number from 1 to 4,096.
 * @throws RangeError naming the group whose class is not 0 ... classes - 1 or whose weight is negative.
 * @example confusionMatrix([{ actual: 0, predicted: 1, weight: 2 }], 2).weights // [0, 2, 0, 0]
 */
export function confusionMatrix(groups: readonly ClassifiedGroup[], classes: number): ConfusionMatrix {
  if (!(classes >= 1 && classes <= MOST_CLASSES && Number.isInteger(classes))) {
    throw new RangeError(`classes is ${classes}; expected a whole number from 1 to ${MOST_CLASSES}`);
  }
  const weights = new Array<number>(classes * classes).fill(0);
  const squaredWeights = new Array<number>(classes * classes).fill(0);
  groups.forEach((group, index) => {
    for (const side of ["actual", "predicted"] as const) {
      const at = group[side];
      if (!(Number.isInteger(at) && at >= 0 && at < classes)) {
        throw new RangeError(`groups[${index}].${side} is ${at}; expected a class from 0 to ${classes - 1}`);
      }
    }
    const squared = squaredWeightOf(group, index);
    weights[group.actual * classes + group.predicted]! += group.weight;
    squaredWeights[group.actual * classes + group.predicted]! += squared;
  });
  return { classes, weights, squaredWeights };
}
