import { binaryScores, classificationScore, confusionMatrix, type Estimate } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { businessValue } from "./business-value.ts";
import { groupWeights } from "./group-weights.ts";
import type { TaskScores } from "./realized-scores.ts";
import type { ScoredTask } from "./scored-task.ts";

/** Classes up to which the scores by class are made; their intervals cost the fourth power of it. */
const MAX_CLASSES = 20;

/** Accuracy, agreement, and the classes' mean precision, recall and F1, in which a class without a prediction or an outcome counts 0. */
export function multiclassRealized(task: ScoredTask, labelled: readonly OutcomeGroup[]): TaskScores {
  const usable = labelled.filter((group) => group.label !== null && group.outcomeLabel !== null);
  const classes = [...new Set(usable.flatMap((group) => [group.label!, group.outcomeLabel!]))].sort();
  const scores = [["accuracy", accuracyOf(usable)] as const, ...businessValue(task, usable)];
  if (classes.length < 2 || classes.length > MAX_CLASSES) return { scores, usable };
  const matrix = confusionMatrix(
    usable.map((group) => ({
      predicted: classes.indexOf(group.label!),
      actual: classes.indexOf(group.outcomeLabel!),
      ...groupWeights(group),
    })),
    classes.length,
  );
  const mean = (kind: "precision" | "recall" | "f") =>
    classificationScore(matrix, { kind, average: "macro", undefinedAs: 0 });
  return {
    scores: [
      ...scores,
      ["precision", mean("precision")],
      ["recall", mean("recall")],
      ["f1", mean("f")],
      ["balancedAccuracy", classificationScore(matrix, { kind: "balanced_accuracy" })],
      ["matthews", classificationScore(matrix, { kind: "matthews" })],
      ["kappa", classificationScore(matrix, { kind: "kappa" })],
    ],
    usable,
  };
}

/** Accuracy of any number of classes: the binary accuracy of "the prediction is right", which every row claims. */
function accuracyOf(usable: readonly OutcomeGroup[]): Estimate {
  const claims = usable.map((group) => ({
    score: null,
    predicted: true,
    positive: group.label === group.outcomeLabel,
    ...groupWeights(group),
  }));
  return binaryScores(claims).accuracy;
}
