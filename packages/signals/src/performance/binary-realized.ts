import {
  averagePrecision,
  binaryScores,
  calibrationError,
  classificationScore,
  confusionMatrix,
  shareEstimate,
} from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { businessValue } from "./business-value.ts";
import { groupWeights, weightOf } from "./group-weights.ts";
import type { TaskScores } from "./realized-scores.ts";
import type { ScoredTask } from "./scored-task.ts";
import { trueClassOf } from "./true-class.ts";

/** The scores of the positive class. */
export function binaryRealized(task: ScoredTask, labelled: readonly OutcomeGroup[]): TaskScores {
  const { positiveLabel, isProbability } = task;
  const usable = labelled.filter((group) => trueClassOf(task, group) !== null);
  const rows = usable.map((group) => ({
    score: isProbability && group.score !== null && (group.score < 0 || group.score > 1) ? null : group.score,
    predicted: group.label === null ? null : group.label === positiveLabel,
    positive: trueClassOf(task, group) === positiveLabel,
    ...groupWeights(group),
  }));
  const scored = binaryScores(rows);
  const ranked = rows.flatMap(({ score, positive, weight, weightSquared }) =>
    score === null ? [] : [{ score, positive, weight, squaredWeight: weightSquared }],
  );
  const decided = usable.filter((group) => group.label !== null);
  const matrix = confusionMatrix(
    decided.map((group) => ({
      predicted: group.label === positiveLabel ? 1 : 0,
      actual: trueClassOf(task, group) === positiveLabel ? 1 : 0,
      ...groupWeights(group),
    })),
    2,
  );
  const [trueNegative = 0, falsePositive = 0] = matrix.weights;
  const [squaredNegative = 0, squaredPositive = 0] = matrix.squaredWeights;
  const all = weightOf(decided);
  const predicted = weightOf(decided.filter((group) => group.label === positiveLabel));
  const decisions =
    decided.length === 0
      ? []
      : ([
          ["balancedAccuracy", classificationScore(matrix, { kind: "balanced_accuracy" })],
          ["specificity", shareEstimate(trueNegative, trueNegative + falsePositive, squaredNegative + squaredPositive)],
          ["matthews", classificationScore(matrix, { kind: "matthews" })],
          ["kappa", classificationScore(matrix, { kind: "kappa" })],
          ["predictionRate", shareEstimate(predicted.weight, all.weight, all.squared)],
        ] as const);
  const probabilities =
    ranked.length === 0
      ? []
      : ([
          ["averagePrecision", averagePrecision(ranked)],
          ...(isProbability ? ([["calibrationGap", calibrationError(ranked).expected]] as const) : []),
        ] as const);
  const keys = ["accuracy", "precision", "recall", "f1", "rocAuc", "logLoss", "brier", "outcomeRate"] as const;
  return {
    scores: [
      ...keys.map((key) => [key, scored[key]] as const),
      ...decisions,
      ...probabilities,
      ...businessValue(task, decided),
    ],
    usable,
  };
}
