import { metric } from "@tidemark/semconv";

/** One performance score: where it is published, how it reads. */
export interface ScoreDefinition {
  /** Key in the configuration's `performance.levels`, and the target's name: `roc_auc`. */
  readonly name: string;
  readonly metric: string;
  /** `higher`: 1 is best, its error is 1 - score. `lower`: a loss, its own error. Null: it only describes. */
  readonly better: "higher" | "lower" | null;
  /** Judged against the reference without being asked to: one score each for decisions, ranking and probabilities. */
  readonly byDefault: boolean;
}

/** Every score, under the name that @tidemark/stats gives it. */
export const SCORES = {
  accuracy: { name: "accuracy", metric: metric.performanceAccuracy, better: "higher", byDefault: true },
  balancedAccuracy: described("balanced_accuracy", metric.performanceBalancedAccuracy, "higher"),
  precision: described("precision", metric.performancePrecision, "higher"),
  recall: described("recall", metric.performanceRecall, "higher"),
  specificity: described("specificity", metric.performanceSpecificity, "higher"),
  f1: described("f1_score", metric.performanceF1, "higher"),
  matthews: described("matthews", metric.performanceMatthews, "higher"),
  kappa: described("kappa", metric.performanceKappa, "higher"),
  rocAuc: { name: "roc_auc", metric: metric.performanceRocAuc, better: "higher", byDefault: true },
  averagePrecision: described("average_precision", metric.performanceAveragePrecision, "higher"),
  logLoss: { name: "log_loss", metric: metric.performanceLogLoss, better: "lower", byDefault: true },
  brier: described("brier_score", metric.performanceBrier, "lower"),
  calibrationGap: described("calibration_error", metric.performanceCalibrationError, "lower"),
  outcomeRate: described("outcome_rate", metric.performanceOutcomeRate, null),
  predictionRate: described("prediction_rate", metric.performancePredictionRate, null),
  businessValue: described("business_value", metric.performanceBusinessValue, null),
  mae: { name: "mae", metric: metric.performanceMae, better: "lower", byDefault: true },
  rmse: { name: "rmse", metric: metric.performanceRmse, better: "lower", byDefault: true },
  mse: described("mse", metric.performanceMse, "lower"),
  bias: described("bias", metric.performanceBias, null),
  mape: described("mape", metric.performanceMape, "lower"),
  medianAbsoluteError: described("median_absolute_error", metric.performanceMedianAbsoluteError, "lower"),
  r2: described("r2", metric.performanceR2, "higher"),
  reciprocalRank: {
    name: "reciprocal_rank",
    metric: metric.performanceReciprocalRank,
    better: "higher",
    byDefault: true,
  },
  ndcg: described("ndcg", metric.performanceNdcg, "higher"),
  hitRate: described("hit_rate_10", metric.performanceHitRate, "higher"),
} as const satisfies Record<string, ScoreDefinition>;

export type ScoreKey = keyof typeof SCORES;

function described(name: string, of: string, better: ScoreDefinition["better"]): ScoreDefinition {
  return { name, metric: of, better, byDefault: false };
}
