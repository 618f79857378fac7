import { cramerVonMisesUpperTail } from "../distributions/cramer-von-mises-upper-tail.ts";
import { cramerVonMisesExactUpperTail } from "./cramer-von-mises-exact-upper-tail.ts";
import { pooledRanks } from "./pooled-ranks.ts";
import { requireSample } from "./require-sample.ts";
import type { TestResult } from "./test-result.ts";

/** Sample size up to which `auto` is exact. */
const EXACT_UP_TO = 20;

/**
 * Two-sample Cramér-von Mises test: T = U / (n_x n_y N) - (4 n_x n_y - 1) / (6 N), U = n_x sum (r_i - i)^2 + n_y sum (s_j - j)^2
 * over the midranks of the ordered samples.
 *
 * @param x raw values, infinite ones allowed.
 * @param y as x.
 * @param method exact by enumeration; asymptotic with T standardised by its finite-sample mean and variance; `auto` is exact up to
 *   20 values a sample.
 * @returns nulls where a sample holds one value.
 * @throws RangeError naming the sample that is empty or holds NaN.
 * Source: T. W. Anderson, Annals of Mathematical Statistics 33 (1962), doi:10.1214/aoms/1177704477.
 * @example cramerVonMisesTest([1, 2], [3, 4]).statistic // 0.375
 */
export function cramerVonMisesTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  method: "auto" | "exact" | "asymptotic" = "auto",
): TestResult {
  requireSample("x", x);
  requireSample("y", y);
  const [nx, ny] = [x.length, y.length];
  if (nx < 2 || ny < 2) return { statistic: null, pValue: null };
  const ranks = pooledRanks(x, y);
  const u = nx * squaredLag(ranks.x) + ny * squaredLag(ranks.y);
  const pairs = nx * ny;
  const rows = nx + ny;
  const statistic = u / (pairs * rows) - (4 * pairs - 1) / (6 * rows);
  if (method === "exact" || (method === "auto" && Math.max(nx, ny) <= EXACT_UP_TO)) {
    return { statistic, pValue: cramerVonMisesExactUpperTail(u, nx, ny) };
  }
  const mean = (1 + 1 / rows) / 6;
  const spread = 4 * pairs * rows - 3 * (nx * nx + ny * ny) - 2 * pairs;
  const variance = ((rows + 1) * spread) / (45 * rows * rows * 4 * pairs);
  return { statistic, pValue: cramerVonMisesUpperTail(1 / 6 + (statistic - mean) / Math.sqrt(45 * variance)) };
}

function squaredLag(ranks: Float64Array): number {
  return ranks
    .slice()
    .sort()
    .reduce((sum, rank, i) => sum + (rank - i - 1) ** 2, 0);
}
