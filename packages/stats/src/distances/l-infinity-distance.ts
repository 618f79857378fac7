import { normalizeShares } from "./normalize-shares.ts";

/**
 * L-infinity distance of two distributions on the same bins: the largest |p - q|, the change of the bin that changed most.
 *
 * @param p shares or counts of at least 0, not all 0; normalised.
 * @param q as p.
 * @returns a metric in [0, 1].
 * @throws RangeError naming the side that is negative, empty or of another length.
 * @example lInfinityDistance([1, 1], [1, 3]) // 0.25
 */
export function lInfinityDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const shares = normalizeShares(p, q);
  let largest = 0;
  for (let i = 0; i < shares.p.length; i++) largest = Math.max(largest, Math.abs(shares.p[i]! - shares.q[i]!));
  return largest;
}
