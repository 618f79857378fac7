/** Classes of one prediction whose probabilities are told; of a prediction with more none are. */
export const MAX_PROBABILITY_CLASSES = 100;

/** Sums of probabilities may be this far from 1, whatever the number of classes: two decimals of three classes. */
const LEAST_TOLERANCE = 0.01;
/** What three decimals round off of one probability. */
const TOLERANCE_BY_CLASS = 0.0005;
/** What adding up doubles is off by: 0.33 + 0.33 + 0.33 is a little less than 0.99. */
const DOUBLES_SLACK = 1e-9;

/**
 * How far from 1 the sum of the probabilities of so many classes may be: what is left of them in three decimals passes.
 *
 * @example probabilitySumTolerance(3) // 0.010000001
 */
export function probabilitySumTolerance(classes: number): number {
  return Math.max(LEAST_TOLERANCE, TOLERANCE_BY_CLASS * classes) + DOUBLES_SLACK;
}
