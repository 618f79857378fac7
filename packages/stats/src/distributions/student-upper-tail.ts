import { incompleteBeta } from "./incomplete-beta.ts";
import { normalUpperTail } from "./normal-upper-tail.ts";

/**
 * P(T >= t) for Student's t distribution, by the regularised incomplete beta function, accurate in the far tail.
 *
 * @param t any number, infinite too. P(T <= t) is `studentUpperTail(-t, degreesOfFreedom)`.
 * @param degreesOfFreedom above 0, not necessarily whole.
 * @returns a probability in [0, 1].
 * @throws RangeError where the degrees of freedom are not above 0.
 * @example studentUpperTail(12.706204736432095, 1) // 0.025
 */
export function studentUpperTail(t: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) throw new RangeError(`degreesOfFreedom is ${degreesOfFreedom}; expected above 0`);
  if (Number.isNaN(t)) throw new RangeError("t is NaN; expected a number");
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalUpperTail(t);
  if (t < 0) return 1 - studentUpperTail(-t, degreesOfFreedom);
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  // Near the center the complement is used, since degreesOfFreedom / (degreesOfFreedom + t^2) rounds to 1 there.
  if (square < 1) return 0.5 - incompleteBeta(square / (degreesOfFreedom + square), 0.5, degreesOfFreedom / 2) / 2;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + square), degreesOfFreedom / 2, 0.5) / 2;
}
