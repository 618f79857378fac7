import {
  binaryScores,
  type ConfidenceBasedEstimate,
  calibrateScores,
  confidenceBasedEstimate,
  fitIsotonicCalibration,
} from "@tidemark/stats";
import type { Table } from "../nannyml-data.ts";
import { BINARY } from "./binary-performance.ts";
import type { ChunkValues, TablePlan } from "./table-plan.ts";

const CARDS = ["highstreet_card", "prepaid_card", "upmarket_card"];
/** Whether NannyML's own check asked for a calibration of the class: nannyml_cbpe_needs_calibration.json. */
const CALIBRATED = new Set(["highstreet_card", "upmarket_card"]);

export const multiclassCbpe: TablePlan = {
  fit({ reference }) {
    const scoresOf = (chunk: Table, card: string) => Float64Array.from(chunk[`y_pred_proba_${card}`]!, Number);
    const calibrations = CARDS.map((card) =>
      CALIBRATED.has(card)
        ? fitIsotonicCalibration(
            scoresOf(reference, card),
            Uint8Array.from(reference["y_true"]!, (truth) => (truth === card ? 1 : 0)),
          )
        : null,
    );
    return (chunk) => {
      const raw = CARDS.map((card) => scoresOf(chunk, card));
      const calibrated = raw.map((scores, k) => {
        const calibration = calibrations[k]!;
        return calibration === null ? scores : calibrateScores(calibration, scores);
      });
      const totals = calibrated[0]!.map((_, i) => calibrated.reduce((sum, column) => sum + column[i]!, 0));
      const probabilities = calibrated.map((column) =>
        column.map((p, i) => (totals[i]! > 0 ? p / totals[i]! : 1 / CARDS.length)),
      );
      const found = CARDS.map((card, k) =>
        confidenceBasedEstimate({
          scores: raw[k]!,
          predicted: Uint8Array.from(chunk["y_pred"]!, (label) => (label === card ? 1 : 0)),
          probabilities: probabilities[k]!,
        }),
      );
      const mean = (of: (estimate: ConfidenceBasedEstimate) => number) =>
        found.reduce((sum, estimate) => sum + of(estimate), 0) / found.length;
      const labels = chunk["y_pred"]!;
      return {
        roc_auc: mean(({ rocAuc }) => rocAuc),
        f1: mean(({ f1 }) => f1),
        accuracy:
          labels.reduce<number>((sum, label, i) => sum + probabilities[CARDS.indexOf(String(label))]![i]!, 0) /
          labels.length,
        precision: mean(({ precision }) => precision),
        recall: mean(({ recall }) => recall),
      };
    };
  },
  lines: () => BINARY,
  linesFrom: realizedMulticlass,
  tolerance: 1e-6,
};

/** Means over the classes, each against the rest. */
function realizedMulticlass(chunk: Table): ChunkValues {
  const truths = chunk["y_true"]!;
  const labels = chunk["y_pred"]!;
  const found = CARDS.map((card) => {
    const rows = labels.map((label, i) => ({
      score: Number(chunk[`y_pred_proba_${card}`]![i]),
      predicted: label === card,
      positive: truths[i] === card,
      weight: 1,
    }));
    return binaryScores(rows.sort((a, b) => a.score - b.score));
  });
  const mean = (name: "rocAuc" | "f1" | "precision" | "recall") =>
    found.reduce((sum, scores) => sum + scores[name].value!, 0) / found.length;
  return {
    roc_auc: mean("rocAuc"),
    f1: mean("f1"),
    precision: mean("precision"),
    recall: mean("recall"),
    accuracy: labels.filter((label, i) => label === truths[i]).length / labels.length,
  };
}
