import { normalizeShares } from "./normalize-shares.ts";

/**
 * Hellinger distance of two distributions on the same bins: sqrt(sum (sqrt p - sqrt q)^2 / 2).
 *
 * @param p shares or counts of at least 0, not all 0; normalised.
 * @param q as p.
 * @returns a metric in [0, 1].
 * @throws RangeError naming the side that is negative, empty or of another length.
 * Source: E. Hellinger, J. reine angew. Math. 136 (1909), doi:10.1515/crll.1909.136.210.
 * @example hellingerDistance([1, 0], [0, 1]) // 1
 */
export function hellingerDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = normalizeShares(p, q);
  let sum = 0;
  for (let i = 0; i < shares.p.length; i++) sum += (Math.sqrt(shares.p[i]!) - Math.sqrt(shares.q[i]!)) ** 2;
  return Math.min(1, Math.sqrt(sum / 2));
}

/**
 * Bhattacharyya coefficient sum sqrt(p q) of two distributions on the same bins, 1 - Hellinger distance^2.
 *
 * @returns in [0, 1]; 1 for equal shares.
 * @throws RangeError naming the side that is negative, empty or of another length.
 * @example bhattacharyyaCoefficient([1, 0], [0, 1]) // 0
 */
export function bhattacharyyaCoefficient(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = normalizeShares(p, q);
  let sum = 0;
  for (let i = 0; i < shares.p.length; i++) sum += Math.sqrt(shares.p[i]! * shares.q[i]!);
  return Math.min(1, sum);
}
