/** Midpoints a lobe; the integrand is smooth and periodic there, so the error falls faster than any power. */
const NODES = 64;

/**
 * P(W >= w) for the limit of the Cramér-von Mises statistic, the integral of a squared Brownian bridge, by Smirnov's formula
 * (2 / pi) sum over j >= 1 of (-1)^(j-1) integral from (2j-1) pi to 2j pi of sqrt(-u / sin u) exp(-w u^2 / 2) / u du.
 *
 * Each lobe is integrated by the midpoint rule after u = (2j - 1/2) pi + (pi / 2) sin s, which removes the end-point singularities. So
 * the far tail keeps its digits, where 1 - cdf has none.
 *
 * @param w any number; below 0.003 the probability is 1 to 1e-15.
 * @returns a probability in [0, 1].
 * Source: N. V. Smirnov (1936), in D. A. Darling, Annals of Mathematical Statistics 28 (1957), doi:10.1214/aoms/1177706788.
 * @example cramerVonMisesUpperTail(0.46136) // 0.05
 */
export function cramerVonMisesUpperTail(w: number): number {
  if (Number.isNaN(w)) throw new RangeError("w is NaN; expected a number");
  if (w < 0.003) return 1;
  let sum = 0;
  for (let j = 1; ; j++) {
    const lobe = integrateLobe((2 * j - 0.5) * Math.PI, w);
    sum += j % 2 === 1 ? lobe : -lobe;
    if (lobe <= 1e-17 * sum) return Math.min(1, Math.max(0, (2 / Math.PI) * sum));
  }
}

function integrateLobe(middle: number, w: number): number {
  let sum = 0;
  for (let node = 0; node < NODES; node++) {
    const s = ((node + 0.5) / NODES - 0.5) * Math.PI;
    const offset = (Math.PI / 2) * Math.sin(s);
    const u = middle + offset;
    sum += (Math.sqrt(u / Math.cos(offset)) * Math.exp((-w * u * u) / 2) * Math.cos(s)) / u;
  }
  return (sum * Math.PI * Math.PI) / (2 * NODES);
}
