import { poolAdjacentViolators } from "./calibrate-cells.ts";

/** A non-decreasing curve from score to probability: linear between its points, constant beyond them. */
export interface IsotonicCalibration {
  /** Rising. */
  readonly scores: Float64Array;
  readonly probabilities: Float64Array;
}

/**
 * Isotonic regression of outcomes on scores, equal scores as one: what NannyML's CBPE calibrates with.
 *
 * @param scores finite, at least one. @param outcomes 0 or 1, as many. Cost O(n log n).
 * Source: B. Zadrozny, C. Elkan, KDD 2002, doi:10.1145/775047.775151.
 */
export function fitIsotonicCalibration(scores: ArrayLike<number>, outcomes: ArrayLike<number>): IsotonicCalibration {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const points: { score: number; rows: number; hits: number }[] = [];
  for (const i of order) {
    const last = points.at(-1);
    if (last !== undefined && last.score === scores[i]) {
      last.rows += 1;
      last.hits += outcomes[i]!;
    } else points.push({ score: scores[i]!, rows: 1, hits: outcomes[i]! });
  }
  const { fit } = poolAdjacentViolators(
    points.map(({ hits, rows }) => hits / rows),
    points.map(({ rows }) => rows),
  );
  return { scores: Float64Array.from(points, ({ score }) => score), probabilities: fit };
}

/** The curve at each score. */
export function calibrateScores({ scores, probabilities }: IsotonicCalibration, at: ArrayLike<number>): Float64Array {
  return Float64Array.from(at, (score) => {
    let low = 0;
    let high = scores.length - 1;
    if (score <= scores[low]!) return probabilities[low]!;
    if (score >= scores[high]!) return probabilities[high]!;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (scores[middle]! <= score) low = middle;
      else high = middle;
    }
    const share = (score - scores[low]!) / (scores[high]! - scores[low]!);
    return probabilities[low]! + share * (probabilities[high]! - probabilities[low]!);
  });
}
