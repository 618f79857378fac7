import gammainc from "@stdlib/math-base-special-gammainc";

/**
 * P(X >= statistic) for a chi-square variable: the regularised upper incomplete gamma function, accurate in the far tail.
 *
 * @param statistic at least 0; infinite gives 0.
 * @param degreesOfFreedom above 0.
 * @throws RangeError naming the argument that is NaN or outside its domain.
 * @returns a probability in [0, 1]; 0 only where it is below the smallest double.
 */
export function chiSquareUpperTail(statistic: number, degreesOfFreedom: number): number {
  if (Number.isNaN(statistic)) throw new RangeError("statistic is NaN; expected a number");
  if (!(degreesOfFreedom > 0 && degreesOfFreedom < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`degreesOfFreedom is ${degreesOfFreedom}; expected a finite number above 0`);
  }
  if (statistic <= 0) return 1;
  if (statistic === Number.POSITIVE_INFINITY) return 0;
  return gammainc(statistic / 2, degreesOfFreedom / 2, true, true);
}
