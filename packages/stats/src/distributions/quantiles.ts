import betaincinv from "@stdlib/math-base-special-betaincinv";
import gammaincinv from "@stdlib/math-base-special-gammaincinv";
import { logBeta } from "./incomplete-beta.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** Logarithm of x below which I_x(a, b) is x^a / (a B(a, b)) to the last bit for every b in use. */
const POWER_LAW_BELOW = Math.log(1e-20);

/**
 * Quantile of the chi-square distribution: the x with P(X <= x) = p.
 *
 * @param p in [0, 1].
 * @param degreesOfFreedom above 0.
 * @throws RangeError naming the argument out of its domain.
 * @example chiSquareQuantile(0.95, 1) // 3.8415
 */
export function chiSquareQuantile(p: number, degreesOfFreedom: number): number {
  requireProbability(p);
  requirePositive("degreesOfFreedom", degreesOfFreedom);
  return 2 * gammaincinv(p, degreesOfFreedom / 2, false);
}

/**
 * Quantile of the beta distribution: the x in [0, 1] with P(X <= x) = p.
 *
 * @param p in [0, 1].
 * @param a first shape, above 0.
 * @param b second shape, above 0.
 * @throws RangeError naming the argument out of its domain.
 * @example betaQuantile(0.5, 2, 2) // 0.5
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireProbability(p);
  requirePositive("a", a);
  requirePositive("b", b);
  const logX = powerLawLogQuantile(p, a, b);
  const quantile = logX < POWER_LAW_BELOW ? Math.exp(logX) : betaincinv(p, a, b, false);
  if (Number.isNaN(quantile)) throw new RangeError(`a is ${a}, b is ${b}; expected numbers below about 1e15`);
  return quantile;
}

/**
 * Quantile of Student's t distribution: the t with P(T <= t) = p.
 *
 * @param p in (0, 1).
 * @param degreesOfFreedom above 0.
 * @throws RangeError naming the argument out of its domain.
 * @example studentQuantile(0.975, 1) // 12.706
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  requireProbability(p);
  requirePositive("degreesOfFreedom", degreesOfFreedom);
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalQuantile(p);
  if (p > 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  if (p === 0.5) return 0;
  // P(T <= t) = I(x) / 2 with x = df / (df + t^2); near the center 1 - x is small and is solved for instead.
  if (p > 0.25) {
    const rest = betaincinv(1 - 2 * p, 0.5, degreesOfFreedom / 2, false);
    return -Math.sqrt((degreesOfFreedom * rest) / (1 - rest));
  }
  const logX = powerLawLogQuantile(2 * p, degreesOfFreedom / 2, 0.5);
  if (logX < POWER_LAW_BELOW) return -Math.sqrt(degreesOfFreedom) * Math.exp(-logX / 2);
  const x = betaincinv(2 * p, degreesOfFreedom / 2, 0.5, false);
  return -Math.sqrt((degreesOfFreedom * (1 - x)) / x);
}

/** Logarithm of the x with x^a / (a B(a, b)) = p: the quantile's limit for small p. */
function powerLawLogQuantile(p: number, a: number, b: number): number {
  return (Math.log(p) + Math.log(a) + logBeta(a, b)) / a;
}

function requireProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}; expected a probability in [0, 1]`);
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${name} is ${value}; expected a number above 0`);
}
