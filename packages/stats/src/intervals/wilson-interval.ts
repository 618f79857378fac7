import { normalQuantile } from "../distributions/normal-quantile.ts";

/**
 * Wilson's score interval of a share: all p for which |count/n - p| <= z sqrt(p (1 - p) / n).
 *
 * Its mean coverage is close to nominal for small n and for shares near 0 and 1, where the normal interval fails.
 *
 * @param count hits, 0 to `n`; may be fractional (weighted share x effective size).
 * @param n trials, above 0; may be an effective size.
 * @param alpha 1 - confidence, in (0, 1).
 * @returns `[lower, upper]` within [0, 1]; contains count / n.
 * @throws RangeError naming the argument out of its domain.
 * Source: E. B. Wilson, JASA 22 (1927), doi:10.1080/01621459.1927.10502953.
 * @example wilsonInterval(0, 10) // [0, 0.2775]
 */
export function wilsonInterval(count: number, n: number, alpha = 0.05): [number, number] {
  if (!(n > 0 && Number.isFinite(n))) throw new RangeError(`n is ${n}; expected a finite number above 0`);
  if (!(count >= 0 && count <= n)) throw new RangeError(`count is ${count}; expected 0 to n = ${n}`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a number in (0, 1)`);
  const share = count / n;
  const z2 = normalQuantile(alpha / 2) ** 2;
  const denominator = 1 + z2 / n;
  const center = (share + z2 / (2 * n)) / denominator;
  const half = Math.sqrt(z2 * (share * (1 - share) + z2 / (4 * n))) / (Math.sqrt(n) * denominator);
  return [count === 0 ? 0 : Math.max(0, center - half), count === n ? 1 : Math.min(1, center + half)];
}
