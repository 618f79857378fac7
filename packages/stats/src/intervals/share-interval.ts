import { normalQuantile } from "../distributions/normal-quantile.ts";
import { betaQuantile } from "../distributions/quantiles.ts";
import { wilsonInterval } from "./wilson-interval.ts";

/**
 * `wilson`: score interval, the default. `jeffreys`: equal-tailed posterior under a Beta(1/2, 1/2) prior. `agresti-coull`: normal with
 * z^2 trials added. `clopper-pearson`: never covers less than nominally. `normal`: p +- z sqrt(p (1 - p) / n), too short near 0 and 1.
 */
export type ShareIntervalMethod = "wilson" | "jeffreys" | "agresti-coull" | "clopper-pearson" | "normal";

/**
 * Two-sided confidence interval of a share.
 *
 * @param count hits, 0 to `n`; may be fractional.
 * @param n trials, above 0.
 * @param method see ShareIntervalMethod.
 * @param alpha 1 - confidence, in (0, 1).
 * @returns `[lower, upper]`, cut to [0, 1].
 * @throws RangeError naming the argument out of its domain.
 * Source: L. D. Brown, T. T. Cai, A. DasGupta, Statistical Science 16 (2001), doi:10.1214/ss/1009213286.
 * @example shareInterval(0, 10, "clopper-pearson") // [0, 0.3085]
 */
export function shareInterval(
  count: number,
  n: number,
  method: ShareIntervalMethod = "wilson",
  alpha = 0.05,
): [number, number] {
  const wilson = wilsonInterval(count, n, alpha);
  const z = -normalQuantile(alpha / 2);
  switch (method) {
    case "wilson":
      return wilson;
    case "normal":
      return around(count / n, n, z);
    case "agresti-coull":
      return around((count + (z * z) / 2) / (n + z * z), n + z * z, z);
    case "jeffreys":
      return [
        betaQuantile(alpha / 2, count + 0.5, n - count + 0.5),
        betaQuantile(1 - alpha / 2, count + 0.5, n - count + 0.5),
      ];
    case "clopper-pearson":
      return [
        count === 0 ? 0 : betaQuantile(alpha / 2, count, n - count + 1),
        count === n ? 1 : betaQuantile(1 - alpha / 2, count + 1, n - count),
      ];
  }
}

function around(share: number, n: number, z: number): [number, number] {
  const half = z * Math.sqrt((share * (1 - share)) / n);
  return [Math.max(0, share - half), Math.min(1, share + half)];
}
