import { simplexMinimum } from "@tidemark/stats";
import type { EnsembleSums } from "./ensemble-sums.ts";
import { quadratic, squareOf } from "./moments.ts";

export interface WeightsInUse {
  /** By member, at least 0, sum 1; null where the answers are no weighted mean of the members'. */
  readonly weights: readonly number[] | null;
  /** Root mean squared difference of the answers from the nearest weighted mean, over that of the members from the answers. */
  readonly residualRatio: number;
  /** sum w_m (x_m - a)^2 per row by these weights, those of equal shares where there are none. */
  readonly ambiguity: number;
}

/** Answers this near to a weighted mean are one: two in a hundred of what the members differ from them by. */
const LARGEST_RESIDUAL = 0.02;

/**
 * The weights that an ensemble answers with, read from what it and its members answered, without outcomes: those that
 * minimise the mean squared difference of the weighted mean from the answer. A vote, a stacked model or weights that do not
 * sum to one leave a residual and are told as such. Null where no row is complete, or members answer with classes.
 */
export function weightsInUse({ members, complete, spread, kind }: EnsembleSums): WeightsInUse | null {
  if (kind === "class" || complete === 0 || members.length === 0) return null;
  const moments = squareOf(spread, members.length);
  const found = simplexMinimum(moments);
  const size = moments.reduce((sum, row, index) => sum + row[index]!, 0) / members.length;
  const residual = Math.max(0, quadratic(moments, found, 0));
  const residualRatio = size === 0 ? 0 : Math.sqrt(residual / size);
  const weights = residualRatio <= LARGEST_RESIDUAL ? found : null;
  const shares = weights ?? members.map(() => 1 / members.length);
  const ambiguity = shares.reduce((sum, weight, index) => sum + weight * moments[index]![index]!, 0) / complete;
  return { weights, residualRatio, ambiguity };
}
