import { studentQuantile } from "@tidemark/stats";
import type { AttributionSums } from "../window-aggregate.ts";

/** Share of each feature in all that moved the predictions; they add up to 1. */
export type Shares = readonly number[];

/** A statistic of the shares with its 95 % interval. */
export interface JackknifeEstimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Fewest parts that a spread is taken from. */
const LEAST_PARTS = 5;

/**
 * A statistic with the interval of the grouped jackknife (Tukey 1958; Efron & Tibshirani 1993, 11.5): computed again without each part of
 * the rows, which are dealt by a hash of their ids; Student's t with one degree of freedom less than parts.
 * Null where the shares do not exist or there are fewer than five parts.
 */
export function jackknife(
  sums: AttributionSums,
  names: readonly string[],
  statistic: (shares: Shares) => number,
): JackknifeEstimate | null {
  const whole = sharesOf(sums, names);
  const count = sums.parts.length;
  if (whole === null || count < LEAST_PARTS) return null;
  const partial = sums.parts.map((_, index) => sharesOf(sums, names, index));
  const values = partial.map((shares) => (shares === null ? Number.NaN : statistic(shares)));
  if (values.some(Number.isNaN)) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = studentQuantile(0.975, count - 1) * Math.sqrt(((count - 1) / count) * spread);
  const value = statistic(whole);
  return { value, lower: value - reach, upper: value + reach };
}

/** Shares by feature, in the order of the names, over all parts or all but one; null where nothing moved the predictions. */
function sharesOf({ parts }: AttributionSums, names: readonly string[], without = -1): Shares | null {
  const sums = names.map((name) =>
    parts.reduce((sum, part, index) => (index === without ? sum : sum + (part[name] ?? 0)), 0),
  );
  const total = sums.reduce((sum, each) => sum + each, 0);
  return total > 0 ? sums.map((sum) => sum / total) : null;
}
