import erfc from "@stdlib/math-base-special-erfc";

/**
 * P(Z >= z) for a standard normal variable, erfc(z / sqrt 2) / 2: accurate to 1e-13 relative down to 1e-308, where 1 - cdf is 0
 * from z = 8.3 on.
 *
 * @param z any number, infinite too. P(Z <= z) is `normalUpperTail(-z)`.
 * @throws RangeError where z is NaN.
 * @returns a probability in [0, 1].
 * @example normalUpperTail(1.959963984540054) // 0.025
 */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) throw new RangeError("z is NaN; expected a number");
  return erfc(z * Math.SQRT1_2) / 2;
}
