import type { ClassEstimation } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import {
  calibrateScores,
  confidenceBasedEstimate,
  type EstimatedMetric,
  fitIsotonicCalibration,
  type IsotonicCalibration,
} from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { SCORES } from "../performance/score-table.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import type { ClassWindow } from "./class-estimator.ts";
import { estimationModel } from "./estimation-model.ts";
import type { ClassSample } from "./estimation-sample.ts";

const Z95 = 1.959963984540054;
const calibrations = new WeakMap<ClassEstimation, IsotonicCalibration>();

/**
 * NannyML's CBPE of a window, for those who know its numbers: `ml.estimate.source` = `cbpe`. It only describes. The interval is that of
 * sampling and calibration alone, so it is as narrow as NannyML's, whatever the record says.
 */
export function cbpeFindings(
  { estimate, rows }: Pick<ClassWindow, "estimate" | "rows">,
  sample: ClassSample,
  { profile }: Pick<JudgeContext, "profile">,
): Finding[] {
  const model = estimationModel(profile, sample.features);
  if (model === null || profile.estimation === undefined || profile.estimation.question === "error") return [];
  const { scores, outcomes } = model.rows;
  const calibration = calibrations.get(profile.estimation) ?? fitIsotonicCalibration(scores, outcomes);
  calibrations.set(profile.estimation, calibration);
  const found = confidenceBasedEstimate({ ...sample, probabilities: calibrateScores(calibration, sample.scores) });
  const values: readonly (readonly [EstimatedMetric, keyof typeof SCORES, number])[] = [
    ["accuracy", "accuracy", found.accuracy],
    ["precision", "precision", found.precision],
    ["recall", "recall", found.recall],
    ["f1", "f1", found.f1],
    ["roc_auc", "rocAuc", found.rocAuc],
  ];
  const asked = profile.estimation.question === "right" ? values.slice(0, 1) : values;
  return asked.flatMap(([name, score, value]) => {
    if (!Number.isFinite(value)) return [];
    const half = Z95 * Math.sqrt(estimate.metrics[name].knownVariance);
    const hasBounds = Number.isFinite(half);
    return createFinding({
      target: { kind: "prediction", name: SCORES[score].name },
      metric: SCORES[score].metric,
      attributes: { [attr.estimateSource]: "cbpe" },
      value,
      lower: hasBounds ? Math.max(0, value - half) : null,
      upper: hasBounds ? Math.min(1, value + half) : null,
      evidence: {
        numbers: { standardError: half / Z95 },
        note: "Assumes that neither the calibration of the scores nor the relation of outcome to features has changed since the reference.",
        bins: null,
      },
      count: rows,
    });
  });
}
