/** Scores are moved this far into (0, 1), so that a sure mistake costs 36 nats and not infinity; the double's epsilon. */
const CLIP = Number.EPSILON;

/**
 * Log loss of one prediction, -ln(probability given to what came true), natural logarithm.
 *
 * @param probability given to what came true, in [0, 1]; clipped to [2^-52, 1 - 2^-52] as scikit-learn >= 1.2 does.
 * @returns 0 to 36.04.
 * @example logLossOf(0.5) // 0.6931
 */
export function logLossOf(probability: number): number {
  if (Number.isNaN(probability)) throw new RangeError("probability is NaN; expected a number in [0, 1]");
  return -Math.log(Math.min(1 - CLIP, Math.max(CLIP, probability)));
}
