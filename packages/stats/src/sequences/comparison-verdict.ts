import type { MeanInterval } from "./mean-interval.ts";

export type ComparisonVerdict =
  | "insufficient_data"
  | "challenger_better"
  | "champion_better"
  | "equivalent"
  | "undecided";

export interface ComparisonRule {
  /** Differences smaller than this are no difference, in the unit of the loss; at least 0. */
  readonly equivalenceMargin: number;
  /** Pairs below which nothing is said. Default 500. */
  readonly minCount?: number;
}

/**
 * Verdict on a challenger from the confidence sequence of loss(challenger) - loss(champion) over pairs of the same request.
 *
 * With a confidence sequence it may be asked after every pair, and the first decision stands: the caller keeps it.
 *
 * @param interval of the mean difference; negative is better for the challenger.
 * @param count pairs behind it.
 * @throws RangeError where equivalenceMargin is negative or not finite, or a limit is NaN.
 * @example comparisonVerdict({ lower: -0.2, upper: -0.1 }, 500, { equivalenceMargin: 0.05 }) // "challenger_better"
 */
export function comparisonVerdict(
  { lower, upper }: MeanInterval,
  count: number,
  { equivalenceMargin, minCount = 500 }: ComparisonRule,
): ComparisonVerdict {
  if (!(equivalenceMargin >= 0 && equivalenceMargin < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`equivalenceMargin is ${equivalenceMargin}; expected a finite number of at least 0`);
  }
  if (!(lower <= upper)) throw new RangeError(`interval is [${lower}, ${upper}]; expected ascending limits`);
  if (count < minCount) return "insufficient_data";
  if (upper < 0) return "challenger_better";
  if (lower > 0) return "champion_better";
  return -equivalenceMargin < lower && upper < equivalenceMargin ? "equivalent" : "undecided";
}
