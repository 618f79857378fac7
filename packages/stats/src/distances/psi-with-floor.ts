import { normalizeShares } from "./normalize-shares.ts";

/**
 * Population stability index with a floor: sum (q - p) ln(q / p), shares below the floor raised to it and not renormalised.
 *
 * The customary form. psiFromCounts, which takes an empty bin for half a row, depends less on the number of rows.
 *
 * @param p the reference's shares or counts of at least 0, not all 0; normalised.
 * @param q the window's, on the same bins.
 * @param floor above 0; 0.0001 by default.
 * @returns at least 0; symmetric.
 * @throws RangeError naming the side that is negative, empty or of another length, or the floor.
 * Source: B. Yurdakul, Statistical Properties of Population Stability Index, Western Michigan University (2018), dissertation 3208.
 * @example psiWithFloor([1, 1], [1, 3]) // 0.2747
 */
export function psiWithFloor(p: ArrayLike<number>, q: ArrayLike<number>, floor = 1e-4): number {
  if (!(floor > 0 && floor < 1)) throw new RangeError(`floor is ${floor}; expected a share in (0, 1)`);
  const shares = normalizeShares(p, q);
  let psi = 0;
  for (let i = 0; i < shares.p.length; i++) {
    const [a, b] = [Math.max(floor, shares.p[i]!), Math.max(floor, shares.q[i]!)];
    psi += (b - a) * Math.log(b / a);
  }
  return psi;
}
