import type { ClusterMean } from "@tidemark/stats";
import type { EnsemblePart } from "./ensemble-sums.ts";
import { quadratic, squareOf } from "./moments.ts";
import { partMean } from "./part-mean.ts";

/**
 * Mean squared error of an ensemble without one member less that with it, over the same rows: above 0 the member helps. Without
 * it the other weights are raised alike until they sum to one; nothing is fitted, so nothing flatters. The interval is of the
 * paired difference, over the parts of the window.
 *
 * @param weights in use, by member; sum 1.
 * @param index of the member that is left out.
 * @returns null where no outcome is known or the member has all the weight.
 */
export function leaveOneOut(
  parts: readonly Pick<EnsemblePart, "rows" | "errors">[],
  weights: readonly number[],
  index: number,
): ClusterMean | null {
  const rest = 1 - weights[index]!;
  if (!(rest > LEAST_REST)) return null;
  const without = weights.map((weight, other) => (other === index ? 0 : weight / rest));
  return partMean(parts, ({ errors }) => {
    const square = squareOf(errors, weights.length + 1);
    return quadratic(square, without, 1) - quadratic(square, weights, 1);
  });
}

/** Weight of the others below which they cannot stand for the whole. */
const LEAST_REST = 1e-9;
