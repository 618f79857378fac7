import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import { drawHypergeometric } from "../distributions/draw-hypergeometric.ts";
import { chiSquareQuantile } from "../distributions/quantiles.ts";
import { seededUniform } from "../distributions/seeded-uniform.ts";
import { jsDistanceFromCounts } from "./js-distance-from-counts.ts";
import { psiFromCounts } from "./psi-from-counts.ts";
import { sharesOf } from "./shares.ts";

export interface StabilityOptions {
  /** Default `psi`; `js` is the Jensen-Shannon divergence in nats, ln 2 times the square of the distance. */
  readonly metric?: "psi" | "js";
  /** Chance of a value beyond `threshold` where nothing changed, in (0, 1). Default 0.05. */
  readonly level?: number;
  /** `auto` (default): chi-square where every bin expects 20 rows on both sides, else Monte Carlo. */
  readonly method?: "auto" | "chi-square" | "monte-carlo";
  /** Draws of the Monte-Carlo null, up to 10^6. Default 2,000: p-values down to 1/2,001. */
  readonly draws?: number;
  /** Of the draws, a whole number from 0. Default 1. */
  readonly seed?: number;
  /** Where counts are sums of weights: the effective sample sizes, which stand for the rows. Then only chi-square is there. */
  readonly effectiveSizes?: { readonly window: number; readonly reference: number };
}

export interface StabilityResult {
  readonly value: number;
  readonly pValue: number;
  /** What the value exceeds in `level` of all windows where nothing changed: a line that grows as rows get fewer. */
  readonly threshold: number;
  readonly method: "chi-square" | "monte-carlo";
  readonly degreesOfFreedom: number;
  /** Fewest rows that a bin expects on the smaller side; below 20 chi-square is not to be trusted. */
  readonly leastExpected: number;
}

/** Divergences are kappa times a chi-square distance, to first order. */
const KAPPA = { psi: 1, js: 1 / 8 } as const;
const LEAST_EXPECTED = 20;
const MOST_DRAWS = 1_000_000;

/**
 * Whether a population stability index (or Jensen-Shannon divergence) is more than chance: the value with its distribution where nothing
 * changed, kappa (1/n + 1/m) chi-square(bins - 1), kappa = 1 (JS: 1/8).
 *
 * Monte Carlo draws windows of the same size from the pooled rows without replacement, so its p-value (1 + k) / (1 + draws) is valid for
 * any bins, sizes and sparsity; the seed makes it repeat.
 *
 * A p-value of one look: looked at often, it will be small some day, as every window has its own chance of a false alarm in `judgeWindow`.
 * `EDetector` may be looked at as often as one likes.
 *
 * @param window counts, at least one row.
 * @param reference counts on the same bins.
 * @throws RangeError where bins differ, a side is empty, an option is out of its domain, or Monte Carlo is asked for of counts that are not
 * whole numbers.
 * Source: B. Yurdakul, J. Naranjo, Journal of Risk Model Validation 14 (2020), doi:10.21314/JRMV.2020.227.
 * @example stabilityTest([50, 50], [480, 520]).pValue // 0.70
 */
export function stabilityTest(
  window: readonly number[],
  reference: readonly number[],
  options: StabilityOptions = {},
): StabilityResult {
  const { metric = "psi", level = 0.05, method = "auto", effectiveSizes } = options;
  sharesOf(window, reference);
  if (!(level > 0 && level < 1)) throw new RangeError(`level is ${level}; expected a probability in (0, 1)`);
  const value = DIVERGENCES[metric](window, reference);
  const pooled = window.map((count, bin) => count + reference[bin]!).filter((count) => count > 0);
  const sizes = effectiveSizes ?? { window: sumOf(window), reference: sumOf(reference) };
  for (const [side, size] of Object.entries(sizes)) {
    if (!(size > 0)) throw new RangeError(`effectiveSizes.${side} is ${size}; expected a number above 0`);
  }
  const leastExpected = (Math.min(sizes.window, sizes.reference) * Math.min(...pooled)) / sumOf(pooled);
  const found = { value, degreesOfFreedom: pooled.length - 1, leastExpected };
  const byChance =
    method === "monte-carlo" || (method === "auto" && effectiveSizes === undefined && leastExpected < LEAST_EXPECTED);
  if (byChance) return { ...found, method: "monte-carlo", ...monteCarlo(window, reference, value, options) };
  const unit = KAPPA[metric] * (1 / sizes.window + 1 / sizes.reference);
  if (found.degreesOfFreedom === 0) return { ...found, method: "chi-square", pValue: 1, threshold: 0 };
  return {
    ...found,
    method: "chi-square",
    pValue: chiSquareUpperTail(value / unit, found.degreesOfFreedom),
    threshold: unit * chiSquareQuantile(1 - level, found.degreesOfFreedom),
  };
}

const DIVERGENCES = {
  psi: psiFromCounts,
  js: (window: readonly number[], reference: readonly number[]) =>
    Math.LN2 * jsDistanceFromCounts(window, reference) ** 2,
} as const;

/** Relative rounding up to which a drawn value counts as equal to the one found. */
const ROUNDING = 1e-12;

function monteCarlo(
  window: readonly number[],
  reference: readonly number[],
  value: number,
  { metric = "psi", level = 0.05, draws = 2_000, seed = 1 }: StabilityOptions,
): { pValue: number; threshold: number } {
  if (!(Number.isInteger(draws) && draws >= 1 && draws <= MOST_DRAWS)) {
    throw new RangeError(`draws is ${draws}; expected a whole number from 1 to ${MOST_DRAWS}`);
  }
  for (const [name, counts] of Object.entries({ window, reference })) {
    const at = counts.findIndex((count) => !Number.isInteger(count));
    if (at >= 0) throw new RangeError(`${name}[${at}] is ${counts[at]}; Monte Carlo needs whole numbers of rows`);
  }
  const uniform = seededUniform(seed);
  const pooled = window.map((count, bin) => count + reference[bin]!);
  const rows = sumOf(window);
  const drawn = Float64Array.from({ length: draws }, () => {
    const other = drawWindow(uniform, pooled, rows);
    const rest = pooled.map((count, bin) => count - other[bin]!);
    return DIVERGENCES[metric](other, rest);
  }).sort();
  const extreme = drawn.filter((other) => other >= value * (1 - ROUNDING)).length;
  const threshold = drawn[Math.min(draws - 1, Math.ceil((1 - level) * (draws + 1)) - 1)]!;
  return { pValue: (1 + extreme) / (1 + draws), threshold };
}

/** Rows of a window taken from the pooled rows without replacement, bin by bin. */
function drawWindow(uniform: () => number, pooled: readonly number[], rows: number): number[] {
  let total = sumOf(pooled);
  let left = rows;
  return pooled.map((count) => {
    const taken = count === 0 || left === 0 ? 0 : drawHypergeometric(uniform(), count, total, left);
    total -= count;
    left -= taken;
    return taken;
  });
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
