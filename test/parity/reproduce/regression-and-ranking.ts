import {
  discountedCumulativeGain,
  labelRankingAveragePrecision,
  normalizedDiscountedCumulativeGain,
  pinballLoss,
  type RankedQuery,
  type RegressionGroup,
  type RegressionScores,
  regressionScores,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { weightsOf } from "./binary-rows.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

function rowsOf(entry: FixtureCase): RegressionGroup[] {
  const weights = weightsOf(entry);
  const predicted = entry.input["p"] as number[];
  return (entry.input["y"] as number[]).map((actual, i) => ({
    actual,
    predicted: predicted[i]!,
    weight: weights[i]!,
  }));
}

function score(name: Exclude<keyof RegressionScores, "maxError">) {
  return reproduce((entry) => regressionScores(rowsOf(entry))[name].value);
}

/** Where all outcomes are equal, scikit-learn's stand-in is 1 for a perfect prediction, else 0; a single row has none. */
function explained(name: "r2" | "explainedVariance") {
  return reproduce((entry) => {
    const rows = rowsOf(entry);
    const scores = regressionScores(rows);
    if (scores[name].value !== null) return scores[name].value;
    if (rows.length < 2) return name === "r2" ? null : 1;
    const center = name === "r2" ? 0 : scores.bias.value!;
    return rows.every(({ predicted, actual }) => (predicted - actual - center) ** 2 === 0) ? 1 : 0;
  });
}

function meanOverQueries(of: (query: RankedQuery, entry: FixtureCase) => number) {
  return reproduce((entry) => {
    const { relevance, scores } = entry.input as { relevance: number[][]; scores: number[][] };
    const values = relevance.map((gains, i) => of({ relevance: gains, scores: scores[i]! }, entry));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

function gainOptions(entry: FixtureCase) {
  const { k, ignore_ties: ignoreTies } = entry.args as { k: number | null; ignore_ties: boolean };
  return { ...(k === null ? {} : { k }), ties: ignoreTies ? ("last-first" as const) : ("average" as const) };
}

/** scikit-learn's regression and ranking scores. */
export const regressionAndRanking: ReproductionGroup = {
  mean_absolute_error: score("mae"),
  mean_squared_error: score("mse"),
  root_mean_squared_error: score("rmse"),
  mean_absolute_percentage_error: score("mape"),
  median_absolute_error: score("medianAbsoluteError"),
  mean_squared_log_error: score("meanSquaredLogError"),
  root_mean_squared_log_error: score("rootMeanSquaredLogError"),
  "mean(p-y)": score("bias"),
  r2_score: explained("r2"),
  explained_variance_score: explained("explainedVariance"),
  max_error: reproduce((entry) => regressionScores(rowsOf(entry)).maxError),
  mean_pinball_loss: reproduce((entry) => pinballLoss(rowsOf(entry), entry.args["alpha"] as number).value),
  ndcg_score: meanOverQueries((query, entry) => normalizedDiscountedCumulativeGain(query, gainOptions(entry))),
  dcg_score: meanOverQueries((query, entry) => discountedCumulativeGain(query, gainOptions(entry))),
  label_ranking_average_precision_score: meanOverQueries((query) => labelRankingAveragePrecision(query)),
};
