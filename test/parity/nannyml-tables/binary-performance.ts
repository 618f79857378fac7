import {
  averagePrecision,
  binaryScores,
  type ConfidenceBasedEstimate,
  calibrateScores,
  confidenceBasedEstimate,
  fitIsotonicCalibration,
} from "@tidemark/stats";
import type { Table } from "../nannyml-data.ts";
import { type ChunkValues, free, limitedTo, type TablePlan } from "./table-plan.ts";

/** Lines of a share. */
export const BINARY = { lower: limitedTo(0), upper: limitedTo(1) } as const;
const COUNTS = ["true_positive", "true_negative", "false_positive", "false_negative"];
export const binaryLines = (name: string) => (COUNTS.includes(name) ? { lower: limitedTo(0), upper: free } : BINARY);

function binaryRows(chunk: Table, truth: string) {
  return {
    scores: Float64Array.from(chunk["y_pred_proba"]!, Number),
    predicted: Uint8Array.from(chunk["y_pred"]!, Number),
    outcomes: Uint8Array.from(chunk[truth]!, Number),
  };
}

export function realizedBinary(chunk: Table, truth: string): ChunkValues {
  const { scores, predicted, outcomes } = binaryRows(chunk, truth);
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const found = binaryScores(
    Array.from(order, (i) => ({
      score: scores[i]!,
      predicted: predicted[i] === 1,
      positive: outcomes[i] === 1,
      weight: 1,
    })),
  );
  const count = (said: number, true_: number) =>
    predicted.reduce((sum, label, i) => sum + (label === said && outcomes[i] === true_ ? 1 : 0), 0);
  const [tn, fp] = [count(0, 0), count(1, 0)];
  return {
    roc_auc: found.rocAuc.value!,
    f1: found.f1.value!,
    precision: found.precision.value!,
    recall: found.recall.value!,
    specificity: tn / (tn + fp),
    accuracy: found.accuracy.value!,
    average_precision: averagePrecision(
      Array.from(order, (i) => ({ score: scores[i]!, positive: outcomes[i] === 1, weight: 1, squaredWeight: 1 })),
    ).value!,
    true_positive: count(1, 1),
    true_negative: tn,
    false_positive: fp,
    false_negative: count(0, 1),
  };
}

function estimatedValues(found: ConfidenceBasedEstimate): ChunkValues {
  return {
    roc_auc: found.rocAuc,
    f1: found.f1,
    precision: found.precision,
    recall: found.recall,
    specificity: found.specificity,
    accuracy: found.accuracy,
    average_precision: found.averagePrecision,
    true_positive: found.truePositives,
    true_negative: found.trueNegatives,
    false_positive: found.falsePositives,
    false_negative: found.falseNegatives,
  };
}

/** Estimates, with realised values as the lines' source: NannyML draws CBPE's thresholds from what the reference's chunks came to. */
export function cbpe(truth: string): TablePlan {
  return {
    fit({ reference }) {
      const { scores, outcomes } = binaryRows(reference, truth);
      const calibration = fitIsotonicCalibration(scores, outcomes);
      return (chunk) => {
        const rows = binaryRows(chunk, truth);
        return estimatedValues(
          confidenceBasedEstimate({ ...rows, probabilities: calibrateScores(calibration, rows.scores) }),
        );
      };
    },
    lines: binaryLines,
    linesFrom: (chunk) => realizedBinary(chunk, truth),
    tolerance: 1e-6,
  };
}
