import { polynomialFit } from "./polynomial-fit.ts";
import { requireSample } from "./require-sample.ts";
import type { TestResult } from "./test-result.ts";

/** Scholz and Stephens' table 1: the critical value at LEVELS[i] is B0 + B1 / sqrt(m) + B2 / m, m = samples - 1. */
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
const B0 = [0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085];
const B1 = [-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615];
const B2 = [-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154];

/** `midrank` and `right` handle ties by the middle or the right of the step; `continuous` assumes none. */
export type AndersonDarlingVariant = "midrank" | "right" | "continuous";

export interface AndersonDarlingResult extends TestResult {
  /** The p-value is interpolated in [0.001, 0.25]; at its ends it is only a bound: at most 0.001, at least 0.25. */
  readonly pValueIs: "interpolated" | "at most" | "at least" | null;
}

/**
 * Anderson-Darling test that k samples come from one distribution; the statistic is (A^2 - (k - 1)) / sd of A^2.
 *
 * @param samples two or more samples of raw values.
 * @returns nulls with three or fewer values in all, where the statistic has no variance.
 * @throws RangeError where there are fewer than two samples, one is empty or holds NaN, or all values are equal.
 * Source: F. W. Scholz, M. A. Stephens, JASA 82 (1987), doi:10.1080/01621459.1987.10478517.
 * @example andersonDarlingTest([[1, 2, 3, 4], [5, 6, 7, 8]]).pValue // 0.0062
 */
export function andersonDarlingTest(
  samples: readonly ArrayLike<number>[],
  variant: AndersonDarlingVariant = "midrank",
): AndersonDarlingResult {
  if (samples.length < 2) throw new RangeError(`samples has ${samples.length} entries; expected at least two samples`);
  samples.forEach((sample, i) => {
    requireSample(`samples[${i}]`, sample);
  });
  const sorted = samples.map((sample) => Float64Array.from(sample).sort());
  const pooled = Float64Array.from(sorted.flatMap((sample) => Array.from(sample))).sort();
  if (pooled[0] === pooled.at(-1)) throw new RangeError("samples hold one distinct value; expected at least two");
  if (pooled.length <= 3) return { statistic: null, pValue: null, pValueIs: null };
  const m = samples.length - 1;
  const spread = Math.sqrt(variance(sorted));
  const statistic = (squaredDistance(sorted, pooled, variant) - m) / spread;
  return { statistic, ...interpolate(statistic, m) };
}

function squaredDistance(
  samples: readonly Float64Array[],
  pooled: Float64Array,
  variant: AndersonDarlingVariant,
): number {
  const rows = pooled.length;
  const cuts = variant === "continuous" ? Array.from(pooled) : distinct(pooled);
  if (variant !== "midrank") cuts.pop();
  let total = 0;
  for (const sample of samples) {
    let sum = 0;
    for (let i = 0; i < cuts.length; i++) {
      const value = cuts[i]!;
      const tied = variant === "continuous" ? 1 : rank(pooled, value, true) - rank(pooled, value, false);
      const upTo = variant === "continuous" ? i + 1 : rank(pooled, value, variant === "right");
      const below = variant === "midrank" ? upTo + tied / 2 : upTo;
      const right = rank(sample, value, true);
      const own = variant === "midrank" ? (right + rank(sample, value, false)) / 2 : right;
      const weight = below * (rows - below) - (variant === "midrank" ? (rows * tied) / 4 : 0);
      sum += ((tied / rows) * (rows * own - below * sample.length) ** 2) / weight;
    }
    total += sum / sample.length;
  }
  return variant === "midrank" ? (total * (rows - 1)) / rows : total;
}

function distinct(sorted: Float64Array): number[] {
  return Array.from(sorted).filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** Values below `value`, and with `inclusive` those equal to it. */
function rank(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value || (inclusive && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Variance of A^2 under one distribution. */
function variance(samples: readonly Float64Array[]): number {
  const k = samples.length;
  const rows = samples.reduce((sum, sample) => sum + sample.length, 0);
  const inverse = samples.reduce((sum, sample) => sum + 1 / sample.length, 0);
  let harmonic = 0;
  let g = 0;
  for (let i = 1; i < rows - 1; i++) {
    harmonic += 1 / (rows - i);
    g += harmonic / (i + 1);
  }
  const h = harmonic + 1;
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (a * rows ** 3 + b * rows ** 2 + c * rows + d) / ((rows - 1) * (rows - 2) * (rows - 3));
}

/** ln p as a quadratic in the statistic, fitted to the seven critical values. */
function interpolate(statistic: number, m: number): Pick<AndersonDarlingResult, "pValue" | "pValueIs"> {
  const critical = B0.map((b0, i) => b0 + B1[i]! / Math.sqrt(m) + B2[i]! / m);
  if (statistic < Math.min(...critical)) return { pValue: LEVELS[0]!, pValueIs: "at least" };
  if (statistic > Math.max(...critical)) return { pValue: LEVELS.at(-1)!, pValueIs: "at most" };
  const [c0, c1, c2] = polynomialFit(critical, LEVELS.map(Math.log), 2) as [number, number, number];
  return { pValue: Math.exp(c0 + c1 * statistic + c2 * statistic ** 2), pValueIs: "interpolated" };
}
