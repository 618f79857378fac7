import { normalizeShares } from "./normalize-shares.ts";

/**
 * Kullback-Leibler divergence (relative entropy) of two distributions on the same bins: sum p ln(p / q).
 *
 * @param p shares or counts of at least 0, not all 0; normalised.
 * @param q as p.
 * @param base of the logarithm; e by default (nats).
 * @returns at least 0; infinite where p has mass in a bin in which q has none. Not symmetric.
 * @throws RangeError naming the side that is negative, empty or of another length.
 * Source: S. Kullback, R. A. Leibler, Annals of Mathematical Statistics 22 (1951), doi:10.1214/aoms/1177729694.
 * @example kullbackLeiblerDivergence([1, 1], [1, 3]) // 0.1438
 */
export function kullbackLeiblerDivergence(p: ArrayLike<number>, q: ArrayLike<number>, base = Math.E): number {
  const shares = normalizeShares(p, q);
  let divergence = 0;
  for (let i = 0; i < shares.p.length; i++) {
    divergence += relativeEntropyTerm(shares.p[i]!, shares.q[i]!);
  }
  return divergence / Math.log(base);
}

/** p ln(p / q) - p + q, which is never negative and sums to the divergence, since both sides sum to 1. */
function relativeEntropyTerm(p: number, q: number): number {
  if (p === 0) return q;
  if (q === 0) return Number.POSITIVE_INFINITY;
  const d = (q - p) / p;
  if (Math.abs(d) >= 0.05) return p * Math.log(p / q) - p + q;
  let sum = 0;
  for (let k = 2; k <= 12; k++) sum += (k % 2 === 0 ? d ** k : -(d ** k)) / k;
  return p * sum;
}
