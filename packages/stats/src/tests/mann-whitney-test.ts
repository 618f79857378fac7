import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import { pooledRanks } from "./pooled-ranks.ts";
import { requireSample } from "./require-sample.ts";
import type { Alternative, TestResult } from "./test-result.ts";

/** `auto` is exact where a sample has at most this many values and there are no ties. */
const EXACT_UP_TO = 8;

export interface MannWhitneyOptions {
  /** `less`: x tends to be smaller than y. Default two-sided. */
  readonly alternative?: Alternative;
  /** Default `auto`: exact for a sample of at most 8 values without ties. */
  readonly method?: "auto" | "exact" | "asymptotic";
  /** Whether the normal approximation moves U by 1/2 towards its mean. Default true. */
  readonly continuity?: boolean;
}

/**
 * Mann-Whitney U test: U = pairs with x > y, plus half of those with x = y.
 *
 * @param x raw values, infinite ones allowed.
 * @param y as x.
 * @returns U of x, in [0, n_x n_y]; the p-value is null where all values are equal and no continuity is asked for.
 *   The exact distribution assumes no ties; the normal one corrects its variance for them.
 * @throws RangeError naming the sample that is empty or holds NaN.
 * Source: H. B. Mann, D. R. Whitney, Annals of Mathematical Statistics 18 (1947), doi:10.1214/aoms/1177730491.
 * @example mannWhitneyTest([1, 2], [3, 4]) // statistic 0, pValue 0.333
 */
export function mannWhitneyTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { alternative = "two-sided", method = "auto", continuity = true }: MannWhitneyOptions = {},
): TestResult {
  requireSample("x", x);
  requireSample("y", y);
  const [nx, ny] = [x.length, y.length];
  const ranks = pooledRanks(x, y);
  const statistic = ranks.x.reduce((sum, rank) => sum + rank, 0) - (nx * (nx + 1)) / 2;
  const mirrored = nx * ny - statistic;
  const tested = { "two-sided": Math.max(statistic, mirrored), greater: statistic, less: mirrored }[alternative];
  const small = Math.min(nx, ny) <= EXACT_UP_TO && ranks.tieSizes.every((size) => size === 1);
  const tail =
    method === "exact" || (method === "auto" && small)
      ? exactUpperTail(Math.floor(tested), nx, ny)
      : normalTail(tested, { nx, ny, tieSizes: ranks.tieSizes, continuity });
  if (tail === null) return { statistic, pValue: null };
  return { statistic, pValue: Math.min(1, alternative === "two-sided" ? 2 * tail : tail) };
}

/** P(U >= u); the numbers of orders by U are the coefficients of the Gaussian binomial. */
function exactUpperTail(u: number, nx: number, ny: number): number {
  const largest = nx * ny;
  const orders = new Float64Array(largest + 1);
  orders[0] = 1;
  const [few, many] = [Math.min(nx, ny), Math.max(nx, ny)];
  for (let k = 1; k <= few; k++) {
    for (let i = largest; i >= many + k; i--) orders[i]! -= orders[i - many - k]!;
    for (let i = k; i <= largest; i++) orders[i]! += orders[i - k]!;
  }
  // The distribution is symmetric, so the upper tail from u is the lower tail to largest - u.
  let all = 0;
  let tail = 0;
  for (let i = 0; i <= largest; i++) {
    all += orders[i]!;
    if (i <= largest - u) tail += orders[i]!;
  }
  return tail / all;
}

interface NormalCase {
  readonly nx: number;
  readonly ny: number;
  readonly tieSizes: readonly number[];
  readonly continuity: boolean;
}

function normalTail(u: number, { nx, ny, tieSizes, continuity }: NormalCase): number | null {
  const rows = nx + ny;
  const ties = tieSizes.reduce((sum, size) => sum + size ** 3 - size, 0);
  const deviation = Math.sqrt(((nx * ny) / 12) * (rows + 1 - ties / (rows * (rows - 1))));
  const distance = u - (nx * ny) / 2 - (continuity ? 0.5 : 0);
  if (deviation === 0 && distance === 0) return null;
  return normalUpperTail(distance / deviation);
}
