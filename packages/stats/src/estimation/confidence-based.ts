export interface ConfidenceBasedRows {
  /** What the model said, which ranks the rows. */
  readonly scores: ArrayLike<number>;
  /** Predicted label, 0 or 1. */
  readonly predicted: ArrayLike<number>;
  /** Probability of the positive class: the score, calibrated where it needs to be. */
  readonly probabilities: ArrayLike<number>;
}

export interface ConfidenceBasedEstimate {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly f1: number;
  readonly rocAuc: number;
  readonly averagePrecision: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/**
 * NannyML's CBPE: expected scores of a window of which only scores and predictions are known, every row an outcome with its
 * probability. Assumes that the probabilities are right in the window, so that neither calibration nor concept has changed.
 *
 * @param rows at least one. @returns 0 where a share has no rows, NaN for ROC AUC with one class alone. Cost O(n log n).
 * Source: NannyML 0.13 documentation, "How CBPE works"; its cumulative sums are rounded to five decimals, as here.
 */
export function confidenceBasedEstimate(rows: ConfidenceBasedRows): ConfidenceBasedEstimate {
  const { scores, predicted, probabilities } = rows;
  const count = scores.length;
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  let trueNegatives = 0;
  for (let i = 0; i < count; i++) {
    const p = probabilities[i]!;
    if (predicted[i] === 1) {
      truePositives += p;
      falsePositives += 1 - p;
    } else {
      falseNegatives += p;
      trueNegatives += 1 - p;
    }
  }
  return {
    accuracy: (truePositives + trueNegatives) / count,
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, truePositives + falseNegatives),
    specificity: ratio(trueNegatives, trueNegatives + falsePositives),
    f1: ratio(truePositives, truePositives + (falsePositives + falseNegatives) / 2),
    ...rankedEstimates(scores, probabilities),
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
  };
}

/** Areas under the expected curves, the rows in falling order of score. */
function rankedEstimates(scores: ArrayLike<number>, probabilities: ArrayLike<number>) {
  const count = scores.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || b - a);
  let sum = 0;
  const positives = Float64Array.from(order, (i) => {
    sum += probabilities[i]!;
    return sum;
  });
  const negatives = positives.map((positive, i) => round5(i + 1 - positive));
  const rounded = positives.map(round5);
  let area = 0;
  let precisionArea = 0;
  for (let i = 0; i < count; i++) {
    const [p0, n0] = i === 0 ? [0, 0] : [rounded[i - 1]!, negatives[i - 1]!];
    area += ((negatives[i]! - n0) * (rounded[i]! + p0)) / 2;
    precisionArea += ((rounded[i]! - p0) * rounded[i]!) / (i + 1);
  }
  const [allPositive, allNegative] = [rounded[count - 1]!, negatives[count - 1]!];
  return { rocAuc: area / (allPositive * allNegative), averagePrecision: precisionArea / allPositive };
}

function round5(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
