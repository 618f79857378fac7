import type { Estimate } from "./estimate.ts";
import { logLossOf } from "./log-loss.ts";
import { meanEstimate } from "./mean-estimate.ts";
import { type ProbabilityRow, requireProbabilityRows } from "./probability-rows.ts";
import { shareEstimate } from "./share-estimate.ts";

/**
 * Log loss of a multi-class model: the mean of -ln(probability given to the true class), with a normal 95 % interval.
 *
 * @param rows with probabilities that sum to 1; in one fixed (sorted) order, in which the sums run.
 * @returns nulls without rows.
 * @throws RangeError naming the row that is out of shape.
 * Source: meanEstimate, logLossOf.
 */
export function multiclassLogLoss(rows: readonly ProbabilityRow[]): Estimate {
  const squaredWeights = requireProbabilityRows(rows);
  const values = rows.map(({ scores, actual }) => logLossOf(scores[actual]!));
  return meanEstimate({ values, weights: rows.map((row) => row.weight), squaredWeights }, [0, Infinity]);
}

/**
 * Share of rows whose true class is among the k highest scores, with Wilson's 95 % interval; of equal scores the later class ranks higher.
 *
 * @param rows scored rows.
 * @param k a whole number of at least 1.
 * @returns nulls without rows.
 * @throws RangeError naming the row that is out of shape, or k.
 */
export function topKAccuracy(rows: readonly ProbabilityRow[], k: number): Estimate {
  if (!(k >= 1 && Number.isInteger(k))) throw new RangeError(`k is ${k}; expected a whole number of at least 1`);
  const squaredWeights = requireProbabilityRows(rows);
  let hits = 0;
  let weight = 0;
  rows.forEach(({ scores, actual, weight: rowWeight }) => {
    const own = scores[actual]!;
    const better = scores.filter((score, i) => score > own || (score === own && i > actual)).length;
    weight += rowWeight;
    if (better < k) hits += rowWeight;
  });
  return shareEstimate(
    hits,
    weight,
    squaredWeights.reduce((sum, squared) => sum + squared, 0),
  );
}
