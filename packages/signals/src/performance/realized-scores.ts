import type { Profile } from "@tidemark/schema";
import { binaryScores, classificationScore, confusionMatrix, type Estimate, regressionScores } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import type { ScoreKey } from "./score-table.ts";

/** Classes up to which the scores by class are made; their intervals cost the fourth power of it. */
const MAX_CLASSES = 20;

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
 * accuracy, and up to 20 classes the macro means of precision, recall and F1. Rows without the needed prediction or outcome are left out.
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

/** Accuracy, and the classes' mean precision, recall and F1, in which a class without a prediction or an outcome counts 0. */
function multiclass(labelled: readonly OutcomeGroup[]): RealizedScores {
  const usable = labelled.filter((group) => group.label !== null && group.outcomeLabel !== null);
  const classes = [...new Set(usable.flatMap((group) => [group.label!, group.outcomeLabel!]))].sort();
  const accuracy = accuracyOf(usable);
  if (classes.length < 2 || classes.length > MAX_CLASSES) return { scores: [["accuracy", accuracy]], ...sizes(usable) };
  const matrix = confusionMatrix(
    usable.map((group) => ({
      predicted: classes.indexOf(group.label!),
      actual: classes.indexOf(group.outcomeLabel!),
      ...weights(group),
    })),
    classes.length,
  );
  const mean = (kind: "precision" | "recall" | "f") =>
    classificationScore(matrix, { kind, average: "macro", undefinedAs: 0 });
  return {
    scores: [
      ["accuracy", accuracy],
      ["precision", mean("precision")],
      ["recall", mean("recall")],
      ["f1", mean("f")],
    ],
    ...sizes(usable),
  };
}

/** Accuracy of any number of classes: the binary accuracy of "the prediction is right", which every row claims. */
function accuracyOf(usable: readonly OutcomeGroup[]): Estimate {
  const claims = usable.map((group) => ({
    score: null,
    predicted: true,
    positive: group.label === group.outcomeLabel,
    ...weights(group),
  }));
  return binaryScores(claims).accuracy;
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
