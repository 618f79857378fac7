import type { Estimate } from "./estimate.ts";
import { logLossOf } from "./log-loss.ts";
import { meanEstimate } from "./mean-estimate.ts";
import { type ProbabilityRow, requireProbabilities, requireProbabilityRows } from "./probability-rows.ts";
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
  const squaredWeights = requireProbabilities(rows);
  const values = rows.map(({ scores, actual }) => logLossOf(scores[actual]!));
  return meanEstimate({ values, weights: rows.map((row) => row.weight), squaredWeights }, [0, Infinity]);
}

/**
 * Brier score of a multi-class model: the mean over rows of the squared distance of the probabilities from the truth, the sum over
 * classes of (p - 1{class is the true one})^2, with a normal 95 % interval. Of two classes it is twice `binaryScores`' one.
 *
 * @param rows as of `multiclassLogLoss`.
 * @returns from 0 to 2; nulls without rows.
 * @throws RangeError naming the row that is out of shape.
 * Source: G. W. Brier, Monthly Weather Review 78 (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
 */
export function multiclassBrier(rows: readonly ProbabilityRow[]): Estimate {
  const squaredWeights = requireProbabilities(rows);
  const values = rows.map(({ scores, actual }) =>
    scores.reduce((sum, score, i) => sum + (score - (i === actual ? 1 : 0)) ** 2, 0),
  );
  return meanEstimate({ values, weights: rows.map((row) => row.weight), squaredWeights }, [0, 2]);
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
