/** Weights are whole multiples of 1 / this, which makes their sums exact. */
const WEIGHT_STEPS = 1_024;
const MAX_WEIGHT = 2 ** 20;

/**
 * An inverse probability of inclusion, rounded to a multiple of 1/1,024.
 *
 * @throws RangeError where the weight is not from 1/2,048 to 2^20.
 */
export function roundedWeight(weight: number): number {
  const rounded = Math.round(weight * WEIGHT_STEPS) / WEIGHT_STEPS;
  if (rounded > 0 && rounded <= MAX_WEIGHT) return rounded;
  throw new RangeError(`weight is ${weight}; expected an inverse probability up to ${MAX_WEIGHT}`);
}
