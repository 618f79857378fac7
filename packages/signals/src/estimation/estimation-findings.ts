import type { ConfusionMetric, EstimatedMetric, MetricEstimate } from "@tidemark/stats";
import type { ScoreKey } from "../performance/score-table.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import type { ClassWindow } from "./class-estimator.ts";
import { estimateFinding } from "./estimate-finding.ts";
import { estimatedWorth } from "./estimated-worth.ts";

const SCORE_OF: Readonly<Record<Exclude<EstimatedMetric, "hit_share">, ScoreKey>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  f1: "f1",
  roc_auc: "rocAuc",
  log_loss: "logLoss",
  brier: "brier",
  ece: "calibrationGap",
  specificity: "specificity",
  balanced_accuracy: "balancedAccuracy",
  matthews: "matthews",
  kappa: "kappa",
  average_precision: "averagePrecision",
  outcome_rate: "outcomeRate",
};
const ALL = Object.keys(SCORE_OF) as (keyof typeof SCORE_OF)[];

/** Expected rows of an outcome below which an estimate carries no verdict. */
const MIN_EITHER = 10;

const SCORE_OF_CONFUSION: Readonly<Record<ConfusionMetric, ScoreKey>> = {
  precision: "precision",
  recall: "recall",
  f1: "f1",
  balanced_accuracy: "balancedAccuracy",
  matthews: "matthews",
  kappa: "kappa",
};

/** The estimated scores of a window of a model that predicts classes; of several classes, accuracy and what their confusion gives. Pure. */
export function estimationFindings(
  { estimate, matured, rows }: ClassWindow,
  model: Pick<JudgeContext, "profile" | "config">,
): Finding[] {
  const { estimation } = model.profile;
  const findingOf = (key: ScoreKey, own: MetricEstimate | undefined, isEnough: boolean, realized: number | null) =>
    // What was stored before a metric was estimated lacks it.
    (own &&
      estimateFinding(
        {
          key,
          estimate: own,
          rows,
          isEnough,
          hasOverlap: estimate.hasOverlap,
          realized,
          numbers: {
            calibrated: own.experts.calibrated,
            weighted: own.experts.weighted,
            outcomeModel: own.experts.outcome_model,
            domainAuc: estimate.domainAuc,
            effectiveShare: estimate.effectiveShare,
          },
        },
        model,
      )) ??
    [];
  const isBinary = estimation?.question === "positive";
  const fewest = Math.min(estimate.expectedPositives, estimate.expectedNegatives);
  const { confusion } = estimate;
  const worth = isBinary ? estimatedWorth({ estimate, matured, rows }, model) : null;
  return [
    ...(worth === null ? [] : [worth]),
    ...(isBinary ? ALL : (["accuracy"] as const)).flatMap((name) =>
      findingOf(
        SCORE_OF[name],
        estimate.metrics[name],
        !isBinary || fewest >= MIN_EITHER,
        matured === null ? null : matured.truth[name],
      ),
    ),
    ...(Object.keys(SCORE_OF_CONFUSION) as ConfusionMetric[]).flatMap((name) =>
      confusion === undefined
        ? []
        : findingOf(
            SCORE_OF_CONFUSION[name],
            confusion.metrics[name],
            confusion.fewest >= MIN_EITHER,
            matured === null ? null : (matured.confusion?.truth[name] ?? Number.NaN),
          ),
    ),
  ];
}
