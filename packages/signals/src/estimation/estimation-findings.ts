import type { EstimatedMetric } from "@tidemark/stats";
import type { ScoreKey } from "../performance/score-table.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import type { ClassWindow } from "./class-estimator.ts";
import { estimateFinding } from "./estimate-finding.ts";

const SCORE_OF: Readonly<Record<EstimatedMetric, ScoreKey>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  f1: "f1",
  roc_auc: "rocAuc",
  log_loss: "logLoss",
  brier: "brier",
  ece: "calibrationGap",
};
const ALL = Object.keys(SCORE_OF) as EstimatedMetric[];

/** Expected rows of either outcome below which an estimate carries no verdict. */
const MIN_EITHER = 10;

/** The estimated scores of a window of a model that predicts classes; of several classes its accuracy. Pure. */
export function estimationFindings(
  { estimate, matured, rows }: ClassWindow,
  model: Pick<JudgeContext, "profile" | "config">,
): Finding[] {
  const { estimation } = model.profile;
  const asked = estimation?.question === "right" ? (["accuracy"] as const) : ALL;
  const fewest = Math.min(estimate.expectedPositives, estimate.expectedNegatives);
  return asked.flatMap((name) => {
    const own = estimate.metrics[name];
    const score = {
      key: SCORE_OF[name],
      estimate: own,
      rows,
      isEnough: estimation?.question !== "positive" || fewest >= MIN_EITHER,
      hasOverlap: estimate.hasOverlap,
      realized: matured?.truth[name] ?? null,
      numbers: {
        calibrated: own.experts.calibrated,
        weighted: own.experts.weighted,
        outcomeModel: own.experts.outcome_model,
        domainAuc: estimate.domainAuc,
        effectiveShare: estimate.effectiveShare,
      },
    };
    return estimateFinding(score, model) ?? [];
  });
}
