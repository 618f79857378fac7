import type { Estimate } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { binaryRealized } from "./binary-realized.ts";
import { multiclassRealized } from "./multiclass-realized.ts";
import { rankingRealized } from "./ranking-realized.ts";
import { regressionRealized } from "./regression-realized.ts";
import type { ScoreKey } from "./score-table.ts";
import type { ScoredTask } from "./scored-task.ts";

export interface RealizedScores {
  readonly scores: readonly (readonly [ScoreKey, Estimate])[];
  /** Rows with both a prediction and an outcome of the kind the scores need. */
  readonly rows: number;
  /** Effective number of these rows after weighting, (sum w)^2 / sum w^2. */
  readonly effective: number;
  /** Rows whose outcome is a class that the model does not have; they are not scored. */
  readonly unknownClass: number;
  /** Rows whose outcome is of a kind that says nothing of such a model, such as a quantity of a classifier; not scored either. */
  readonly wrongKind: number;
}

/** Scores of one task, and the groups that they rest on. */
export interface TaskScores {
  readonly scores: RealizedScores["scores"];
  readonly usable: readonly OutcomeGroup[];
}

/**
 * Scores of a model on the predictions whose outcome is known, with 95 % intervals.
 *
 * Regression and forecast: errors. Ranking: by the position of what was chosen. With a positive label: the binary scores of
 * that class. Other classification: agreement, and up to 20 classes the macro means by class.
 *
 * A click or a conversion stands for the positive class, one with the value 0 for its absence. Rows without the needed
 * prediction or outcome are left out; so are outcomes of a class that the reference never had, which are counted, and
 * probabilities outside [0, 1], which the data-quality signal counts.
 */
export function realizedScores(task: ScoredTask, labelled: readonly OutcomeGroup[]): RealizedScores {
  const { known, unknownClass } = withKnownClass(task, labelled);
  const { scores, usable } = scoresOf(task, known);
  return { scores, ...sizes(usable), unknownClass, wrongKind: countWrongKind(task, labelled) };
}

function scoresOf(task: ScoredTask, labelled: readonly OutcomeGroup[]): TaskScores {
  if (task.type === "regression" || task.type === "forecast") return regressionRealized(labelled);
  if (task.type === "ranking") return rankingRealized(labelled);
  return task.positiveLabel === null ? multiclassRealized(task, labelled) : binaryRealized(task, labelled);
}

function withKnownClass(task: ScoredTask, labelled: readonly OutcomeGroup[]) {
  const { classes } = task;
  if (classes === null) return { known: labelled, unknownClass: 0 };
  let unknownClass = 0;
  const known = labelled.filter((group) => {
    const isKnown = group.outcomeKind !== "class" || group.outcomeLabel === null || classes.has(group.outcomeLabel);
    if (!isKnown) unknownClass += group.count;
    return isKnown;
  });
  return { known, unknownClass };
}

/** Rows without what the task is scored by: the class, the quantity or the position. */
function countWrongKind({ type }: ScoredTask, labelled: readonly OutcomeGroup[]): number {
  const isWrong = ({ outcomeKind, outcomeLabel, outcomeValue, position }: OutcomeGroup) => {
    if (type === "regression" || type === "forecast") return outcomeValue === null;
    if (type === "ranking") return position === null;
    return outcomeLabel === null && outcomeKind !== "click" && outcomeKind !== "conversion";
  };
  return labelled.reduce((sum, group) => (isWrong(group) ? sum + group.count : sum), 0);
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
