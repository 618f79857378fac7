import { normalizeShares } from "./normalize-shares.ts";

/**
 * Jensen-Shannon distance of two distributions on the same bins: the square root of (KL(p, m) + KL(q, m)) / 2, m their mean.
 *
 * A metric; symmetric to the bit. Near-equal shares are compared by a series, so a distance of 1e-9 keeps its digits.
 *
 * @param p shares or counts of at least 0, not all 0; normalised.
 * @param q as p.
 * @param base of the logarithm: 2 (default) gives [0, 1]; e gives [0, 0.8326].
 * @throws RangeError naming the side that is negative, empty or of another length.
 * Source: D. M. Endres, J. E. Schindelin, IEEE Trans. Inf. Theory 49 (2003), doi:10.1109/TIT.2003.813506.
 * @example jensenShannonDistance([1, 0], [0, 1]) // 1
 */
export function jensenShannonDistance(p: ArrayLike<number>, q: ArrayLike<number>, base = 2): number {
  const shares = normalizeShares(p, q);
  let divergence = 0;
  for (let i = 0; i < shares.p.length; i++) {
    const sum = shares.p[i]! + shares.q[i]!;
    if (sum > 0) divergence += (sum / 4) * imbalance(Math.abs(shares.q[i]! - shares.p[i]!) / sum);
  }
  return Math.sqrt(divergence / Math.log(base));
}

/** (1 + d) ln(1 + d) + (1 - d) ln(1 - d) for d in [0, 1]; below 0.05 its Taylor series, whose next term is below 1e-17. */
function imbalance(d: number): number {
  if (d === 1) return 2 * Math.LN2;
  if (d >= 0.05) return (1 + d) * Math.log1p(d) + (1 - d) * Math.log1p(-d);
  let sum = 0;
  for (let k = 1; k <= 6; k++) sum += d ** (2 * k) / (k * (2 * k - 1));
  return sum;
}
