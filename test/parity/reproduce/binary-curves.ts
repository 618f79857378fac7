import { averagePrecision, binaryScores, calibrationError, precisionRecallCurve, rocCurve } from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { binaryRows } from "./binary-rows.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

/** What scikit-learn gives, with a warning, for the area under a curve without a positive row. */
const TRAPEZOID_WITHOUT_POSITIVES = 0.5;

function trapezoid(entry: FixtureCase): number {
  const curve = precisionRecallCurve(binaryRows(entry));
  if (curve.length === 0) return TRAPEZOID_WITHOUT_POSITIVES;
  let area = 0;
  for (let i = 0; i + 1 < curve.length; i++) {
    area += ((curve[i]!.recall - curve[i + 1]!.recall) * (curve[i]!.precision + curve[i + 1]!.precision)) / 2;
  }
  return area;
}

/** Predicted class and how sure the model is of it, or the positive class and its probability. */
function confidences(entry: FixtureCase): { readonly stated: number[]; readonly hits: boolean[] } {
  const rows = binaryRows(entry);
  if (entry.args["variant"] === "binary_positive") {
    return { stated: rows.map(({ score }) => score), hits: rows.map(({ positive }) => positive) };
  }
  return {
    stated: rows.map(({ score }) => Math.max(score, 1 - score)),
    hits: rows.map(({ score, positive }) => score >= 0.5 === positive),
  };
}

/** scikit-learn's curves and probability scores of a binary classifier, and the calibration error defined in the fixtures. */
export const binaryCurves: ReproductionGroup = {
  brier_score_loss: reproduce(
    (entry) => binaryScores(binaryRows(entry).map((row) => ({ ...row, predicted: null }))).brier.value,
  ),
  // scikit-learn's stand-in without a positive row is 0.
  average_precision_score: reproduce((entry) => averagePrecision(binaryRows(entry)).value ?? 0),
  pr_auc_trapezoid: reproduce(trapezoid),
  "own.ece": reproduce((entry) => {
    const { stated, hits } = confidences(entry);
    const { bins, strategy } = entry.args as { bins: number; strategy: "uniform" | "quantile" };
    const result = calibrationError(
      stated.map((score, row) => ({ score, positive: hits[row]!, weight: 1, squaredWeight: 1 })),
      { bins, strategy },
    );
    const rows = result.bins.map(({ index, count, meanConfidence, accuracy }) => [
      index,
      count,
      meanConfidence,
      accuracy,
    ]);
    return { ece: result.expected.value, mce: result.maximum.value, bins: rows };
  }),
  roc_curve: reproduce((entry) => {
    const curve = rocCurve(binaryRows(entry));
    return [
      curve.map((point) => point.falsePositiveRate),
      curve.map((point) => point.truePositiveRate),
      curve.map((point) => point.threshold),
    ];
  }),
  precision_recall_curve: reproduce((entry) => {
    const curve = precisionRecallCurve(binaryRows(entry));
    return [
      curve.map((point) => point.precision),
      curve.map((point) => point.recall),
      curve.slice(0, -1).map((point) => point.threshold),
    ];
  }),
};
