import {
  type ClassificationScore,
  type ClassifiedGroup,
  classificationScore,
  confusionMatrix,
  multiclassLogLoss,
  multiclassRocAuc,
  type ProbabilityRow,
  partialRocAuc,
  rocAuc,
  topKAccuracy,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { binaryRows, isBinary, weightsOf } from "./binary-rows.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

type Average = "binary" | "macro" | "micro" | "weighted" | null | undefined;

/** Truth and prediction by class; classes are those of `labels`, else those that occur. */
function classified(entry: FixtureCase): { readonly groups: ClassifiedGroup[]; readonly classes: number } {
  const weights = weightsOf(entry);
  const actual = entry.input["y"] as number[];
  const predicted = isBinary(entry)
    ? (entry.input["p"] as number[]).map((score) => (score >= 0.5 ? 1 : 0))
    : (entry.input["proba"] as number[][]).map((scores) => scores.indexOf(Math.max(...scores)));
  const present = [...new Set([...actual, ...predicted])].sort((a, b) => a - b);
  const labels = (entry.args["labels"] as number[] | undefined) ?? present;
  const groups = actual.map((label, i) => ({
    actual: labels.indexOf(label),
    predicted: labels.indexOf(predicted[i]!),
    weight: weights[i]!,
  }));
  return { groups, classes: labels.length };
}

function scoreOf(entry: FixtureCase, score: ClassificationScore): number | null {
  const { groups, classes } = classified(entry);
  return classificationScore(confusionMatrix(groups, classes), score).value;
}

/** A score by class, averaged as the case asks; a binary one is that of class 1. */
function byClass(kind: "precision" | "recall" | "f" | "jaccard") {
  return reproduce((entry) => {
    const average = entry.args["average"] as Average;
    const undefinedAs = (entry.args["zero_division"] as number | undefined) ?? 0;
    const beta = (entry.args["beta"] as number | undefined) ?? 1;
    const { groups, classes } = classified(entry);
    const matrix = confusionMatrix(groups, classes);
    const value = (of: "macro" | "micro" | "weighted" | number) =>
      classificationScore(matrix, { kind, average: of, beta, undefinedAs }).value;
    if (average === null) return Array.from({ length: classes }, (_, at) => value(at));
    if (average !== undefined && average !== "binary") return value(average);
    return binaryScore(entry, kind, beta) ?? undefinedAs;
  });
}

function binaryScore(entry: FixtureCase, kind: "precision" | "recall" | "f" | "jaccard", beta: number): number | null {
  const { groups } = classified({ ...entry, args: { ...entry.args, labels: [0, 1] } });
  return classificationScore(confusionMatrix(groups, 2), { kind, average: 1, beta }).value;
}

function probabilityRows(entry: FixtureCase): ProbabilityRow[] {
  const weights = weightsOf(entry);
  const actual = entry.input["y"] as number[];
  return (entry.input["proba"] as number[][]).map((scores, i) => ({ actual: actual[i]!, scores, weight: weights[i]! }));
}

/** scikit-learn's classification scores, binary and multi-class. */
export const classification: ReproductionGroup = {
  accuracy_score: reproduce((entry) => scoreOf(entry, { kind: "accuracy" })),
  balanced_accuracy_score: reproduce((entry) => scoreOf(entry, { kind: "balanced_accuracy" })),
  // scikit-learn's stand-in where the coefficient does not exist is 0.
  matthews_corrcoef: reproduce((entry) => scoreOf(entry, { kind: "matthews" }) ?? 0),
  cohen_kappa_score: reproduce((entry) => {
    const weighting = entry.args["weighting"];
    const kind = weighting === "linear" || weighting === "quadratic" ? (`${weighting}_kappa` as const) : "kappa";
    return scoreOf(entry, { kind });
  }),
  confusion_matrix: reproduce((entry) => {
    const { groups, classes } = classified(entry);
    const { weights } = confusionMatrix(groups, classes);
    return Array.from({ length: classes }, (_, row) => weights.slice(row * classes, (row + 1) * classes));
  }),
  precision_score: byClass("precision"),
  recall_score: byClass("recall"),
  f1_score: byClass("f"),
  fbeta_score: byClass("f"),
  jaccard_score: byClass("jaccard"),
  roc_auc_score: reproduce((entry) => {
    if (isBinary(entry)) {
      const limit = entry.args["max_fpr"] as number | undefined;
      return limit === undefined ? rocAuc(binaryRows(entry)).value : partialRocAuc(binaryRows(entry), limit).value;
    }
    return multiclassRocAuc(probabilityRows(entry), {
      comparison: entry.args["multi_class"] as "ovr" | "ovo",
      average: entry.args["average"] as "macro" | "weighted",
    }).value;
  }),
  log_loss: reproduce((entry) => {
    const rows = isBinary(entry)
      ? binaryRows(entry).map(({ score, positive, weight }) => ({
          actual: positive ? 1 : 0,
          scores: [1 - score, score],
          weight,
        }))
      : probabilityRows(entry);
    return multiclassLogLoss(rows).value;
  }),
  top_k_accuracy_score: reproduce((entry) => topKAccuracy(probabilityRows(entry), entry.args["k"] as number).value),
};
