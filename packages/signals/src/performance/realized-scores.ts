import type { Profile } from "@tidemark/schema";
import { binaryScores, type Estimate, regressionScores } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import type { ScoreKey } from "./score-table.ts";

export interface RealizedScores {
  readonly scores: readonly (readonly [ScoreKey, Estimate])[];
  /** Rows with both a prediction and an outcome of the kind the scores need. */
  readonly rows: number;
  /** Effective number of these rows after weighting, (sum w)^2 / sum w^2. */
  readonly effective: number;
}

/**
 * Scores of a model on the predictions whose outcome is known, with 95 % intervals.
 *
 * Regression and forecast: MAE, RMSE. With a positive label: the binary scores of that class. Other classification:
 * accuracy of the predicted label. Rows without the needed prediction or outcome are left out.
 */
export function realizedScores(profile: Profile, labelled: readonly OutcomeGroup[]): RealizedScores {
  const { type } = profile.model;
  if (type === "regression" || type === "forecast") return regression(labelled);
  return profile.positiveLabel === null ? multiclass(labelled) : binary(labelled, profile.positiveLabel);
}

function regression(labelled: readonly OutcomeGroup[]): RealizedScores {
  const usable = labelled.filter((group) => group.value !== null && group.outcomeValue !== null);
  const result = regressionScores(
    usable.map((group) => ({ predicted: group.value!, actual: group.outcomeValue!, ...weights(group) })),
  );
  return {
    scores: [
      ["mae", result.mae],
      ["rmse", result.rmse],
    ],
    ...sizes(usable),
  };
}

function binary(labelled: readonly OutcomeGroup[], positiveLabel: string): RealizedScores {
  const usable = labelled.filter((group) => group.outcomeLabel !== null);
  const result = binaryScores(
    usable.map((group) => ({
      score: group.score,
      predicted: group.label === null ? null : group.label === positiveLabel,
      positive: group.outcomeLabel === positiveLabel,
      ...weights(group),
    })),
  );
  const keys = ["accuracy", "precision", "recall", "f1", "rocAuc", "logLoss", "brier", "outcomeRate"] as const;
  return { scores: keys.map((key) => [key, result[key]] as const), ...sizes(usable) };
}

/** Accuracy as the binary accuracy of "the prediction is right", which every row claims. */
function multiclass(labelled: readonly OutcomeGroup[]): RealizedScores {
  const usable = labelled.filter((group) => group.label !== null && group.outcomeLabel !== null);
  const { accuracy } = binaryScores(
    usable.map((group) => ({
      score: null,
      predicted: true,
      positive: group.label === group.outcomeLabel,
      ...weights(group),
    })),
  );
  return { scores: [["accuracy", accuracy]], ...sizes(usable) };
}

function weights(group: OutcomeGroup): { weight: number; count: number; weightSquared: number } {
  return {
    weight: group.weight * group.count,
    count: group.count,
    weightSquared: group.weight * group.weight * group.count,
  };
}

function sizes(groups: readonly OutcomeGroup[]): { rows: number; effective: number } {
  let rows = 0;
  let weight = 0;
  let squares = 0;
  for (const group of groups) {
    rows += group.count;
    weight += group.weight * group.count;
    squares += group.weight * group.weight * group.count;
  }
  return { rows, effective: squares > 0 ? (weight * weight) / squares : 0 };
}
