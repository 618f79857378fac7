import { type RowWeight, squaredWeightOf } from "./weighted-rows.ts";

/** A row scored for every class. */
export interface ProbabilityRow extends RowWeight {
  /** Index of the true class. */
  readonly actual: number;
  /** One score a class; probabilities where a score asks for them. */
  readonly scores: readonly number[];
}

/**
 * As `requireProbabilityRows`, and every score must be a probability.
 *
 * @throws RangeError naming the row and what is none.
 */
export function requireProbabilities(rows: readonly ProbabilityRow[]): number[] {
  const squaredWeights = requireProbabilityRows(rows);
  rows.forEach(({ scores }, i) => {
    const wrong = scores.findIndex((score) => !(score >= 0 && score <= 1));
    if (wrong >= 0) throw new RangeError(`rows[${i}].scores[${wrong}] is ${scores[wrong]}; expected a probability`);
  });
  return squaredWeights;
}

/**
 * Checks rows and returns their squared weights.
 *
 * @throws RangeError naming the row with another number of classes, a score that is not finite or a class that does not exist.
 */
export function requireProbabilityRows(rows: readonly ProbabilityRow[]): number[] {
  const classes = rows[0]?.scores.length ?? 0;
  return rows.map((row, i) => {
    if (row.scores.length !== classes) {
      throw new RangeError(`rows[${i}].scores has ${row.scores.length} entries; expected ${classes}`);
    }
    if (!(Number.isInteger(row.actual) && row.actual >= 0 && row.actual < classes)) {
      throw new RangeError(`rows[${i}].actual is ${row.actual}; expected a class from 0 to ${classes - 1}`);
    }
    if (!row.scores.every(Number.isFinite)) throw new RangeError(`rows[${i}].scores holds a number that is not finite`);
    return squaredWeightOf(row, i, "rows");
  });
}
