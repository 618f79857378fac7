import type { Estimate } from "./estimate.ts";
import { meanEstimate } from "./mean-estimate.ts";
import {
  type DcgOptions,
  labelRankingAveragePrecision,
  normalizedDiscountedCumulativeGain,
  type RankedQuery,
} from "./ranking-scores.ts";
import { type RowWeight, squaredWeightOf } from "./weighted-rows.ts";

/** A query with its weight among the others. */
export interface WeightedQuery extends RankedQuery, RowWeight {}

/** Means over queries, each with its 95 % interval. */
export interface RankingEstimates {
  readonly ndcg: Estimate;
  readonly labelRankingAveragePrecision: Estimate;
}

/**
 * Ranking scores of a model: means over queries with a normal 95 % interval in which a query is one observation, since its items are not
 * independent.
 *
 * @param queries in one fixed (sorted) order, in which the sums run; weights are inverse inclusion probabilities of queries.
 * @param options see discountedCumulativeGain.
 * @returns nulls without queries; no interval for one.
 * @throws RangeError naming the weight or the member of a query that is out of its domain.
 * Source: meanEstimate, normalizedDiscountedCumulativeGain, labelRankingAveragePrecision.
 * @example rankingEstimates([{ relevance: [1, 0], scores: [0.1, 0.9], weight: 1 }]).ndcg.value // 0.6309
 */
export function rankingEstimates(queries: readonly WeightedQuery[], options: DcgOptions = {}): RankingEstimates {
  const weights = queries.map(({ weight }) => weight);
  const squaredWeights = queries.map((query, i) => squaredWeightOf(query, i, "queries"));
  const mean = (of: (query: RankedQuery) => number) =>
    meanEstimate({ values: queries.map(of), weights, squaredWeights }, [0, 1]);
  return {
    ndcg: mean((query) => normalizedDiscountedCumulativeGain(query, options)),
    labelRankingAveragePrecision: mean(labelRankingAveragePrecision),
  };
}
