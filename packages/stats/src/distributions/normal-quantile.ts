import stdlibQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { normalUpperTail } from "./normal-upper-tail.ts";

/**
 * Quantile of the standard normal distribution: the z with P(Z <= z) = p.
 *
 * @stdlib's quantile loses digits below p = 1e-7, so there Newton's method runs on the logarithm of the tail.
 *
 * @param p in [0, 1]; 0 and 1 give infinities.
 * @throws RangeError where p is not a probability.
 * @example normalQuantile(0.975) // 1.959964
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}; expected a probability in [0, 1]`);
  if (p >= 1e-7 || p === 0) return stdlibQuantile(p, 0, 1);
  const logP = Math.log(p);
  let z = -Math.sqrt(-2 * logP - Math.log(-4 * Math.PI * logP));
  for (let step = 0; step < 6; step++) {
    const tail = normalUpperTail(-z);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z -= ((Math.log(tail) - logP) * tail) / density;
  }
  return z;
}
