import { ksOneSampleUpperTail } from "../distributions/ks-one-sample-upper-tail.ts";
import { ksExactUpperTail } from "./ks-exact-upper-tail.ts";
import { requireSample } from "./require-sample.ts";
import type { Alternative, TestResult } from "./test-result.ts";

/** Sample size up to which `auto` is exact; above, the asymptotic p-value is right to 1e-3 relative. */
const EXACT_UP_TO = 10_000;

export interface KsOptions {
  /** `less`: F_x < F_y somewhere, so x tends to be larger. `greater`: F_x > F_y somewhere. Default two-sided. */
  readonly alternative?: Alternative;
  /** Default `auto`: exact up to 10,000 values a sample. */
  readonly method?: "auto" | "exact" | "asymptotic";
}

export interface KsResult extends TestResult {
  readonly statistic: number;
  /** Smallest value of x, else of y, at which the statistic is reached. */
  readonly location: number;
  /** +1 where F_x exceeds F_y at the location, else -1. */
  readonly sign: 1 | -1;
}

/**
 * Two-sample Kolmogorov-Smirnov test: D = max |F_x - F_y| over the empirical distribution functions.
 *
 * Exact p-value by counting lattice paths (conditional on continuous data, so conservative with ties); asymptotic from the one-sample
 * distribution at n = round(n_x n_y / (n_x + n_y)), one-sided by Hodges' formula.
 *
 * @param x raw values, infinite ones allowed, at least one.
 * @param y as x.
 * @returns D in [0, 1]; the p-value is null where the asymptotic n rounds to 0. Exact costs n_x n_y steps.
 * @throws RangeError naming the sample that is empty or holds NaN.
 * Source: J. L. Hodges, Arkiv för Matematik 3 (1958), doi:10.1007/BF02589501.
 * @example ksTest([1, 2, 3], [4, 5, 6]) // statistic 1, pValue 0.1
 */
export function ksTest(x: ArrayLike<number>, y: ArrayLike<number>, options: KsOptions = {}): KsResult {
  const { alternative = "two-sided", method = "auto" } = options;
  requireSample("x", x);
  requireSample("y", y);
  const { lowest, highest } = extremes(Float64Array.from(x).sort(), Float64Array.from(y).sort());
  const below = alternative === "less" || (alternative === "two-sided" && -lowest.difference > highest.difference);
  const at = below ? lowest : highest;
  const statistic = Math.min(1, Math.max(0, below ? -at.difference : at.difference));
  const exact = method === "exact" || (method === "auto" && Math.max(x.length, y.length) <= EXACT_UP_TO);
  const pValue = exact
    ? ksExactUpperTail(statistic, x.length, y.length, alternative !== "two-sided")
    : asymptoticUpperTail(statistic, x.length, y.length, alternative !== "two-sided");
  return { statistic, pValue, location: at.value, sign: below ? -1 : 1 };
}

interface Extreme {
  readonly value: number;
  readonly difference: number;
}

function extremes(x: Float64Array, y: Float64Array): { lowest: Extreme; highest: Extreme } {
  let lowest: Extreme = { value: x[0]!, difference: Number.POSITIVE_INFINITY };
  let highest: Extreme = { value: x[0]!, difference: Number.NEGATIVE_INFINITY };
  for (const [own, other, sign] of [
    [x, y, 1],
    [y, x, -1],
  ] as const) {
    let otherBelow = 0;
    for (let i = 0; i < own.length; i++) {
      const value = own[i]!;
      if (own[i + 1] === value) continue;
      while (otherBelow < other.length && other[otherBelow]! <= value) otherBelow += 1;
      const difference = sign * ((i + 1) / own.length - otherBelow / other.length);
      if (difference < lowest.difference) lowest = { value, difference };
      if (difference > highest.difference) highest = { value, difference };
    }
  }
  return { lowest, highest };
}

function asymptoticUpperTail(statistic: number, nx: number, ny: number, oneSided: boolean): number | null {
  const size = (nx * ny) / (nx + ny);
  if (!oneSided) {
    const rounded = roundHalfToEven(size);
    return rounded === 0 ? null : ksOneSampleUpperTail(statistic, rounded);
  }
  const z = Math.sqrt(size) * statistic;
  const [large, small] = [Math.max(nx, ny), Math.min(nx, ny)];
  return Math.exp(-2 * z * z - (2 * z * (large + 2 * small)) / Math.sqrt(large * small * (large + small)) / 3);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
