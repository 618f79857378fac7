/**
 * P(K >= x) for Kolmogorov's distribution, the limit of sqrt(n) D_n: 2 sum over k >= 1 of (-1)^(k-1) exp(-2 k^2 x^2).
 *
 * @param x at least 0. Below 1 the equivalent theta series of the lower tail is summed, which converges there.
 * @returns a probability in [0, 1], accurate to 1e-14 relative.
 * Source: A. Kolmogorov (1933); both series: W. Feller, Annals of Mathematical Statistics 19 (1948), doi:10.1214/aoms/1177730243.
 * @example kolmogorovUpperTail(1.3580986393225505) // 0.05
 */
export function kolmogorovUpperTail(x: number): number {
  if (Number.isNaN(x)) throw new RangeError("x is NaN; expected a number");
  if (x <= 0) return 1;
  if (x < 1) return 1 - lowerTail(x);
  let sum = 0;
  for (let k = 1; k <= 8; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

/** sqrt(2 pi) / x sum over odd k of exp(-(k pi / x)^2 / 8). */
function lowerTail(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 15; k += 2) sum += Math.exp(-(((k * Math.PI) / x) ** 2) / 8);
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}
