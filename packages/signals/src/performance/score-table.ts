import { metric } from "@tidemark/semconv";

/** One performance score: where it is published, how it reads. */
export interface ScoreDefinition {
  /** Key in the configuration's `performance.levels`, and the target's name: `roc_auc`. */
  readonly name: string;
  readonly metric: string;
  /** `higher`: 1 is best, its error is 1 - score. `lower`: a loss, its own error. Null: it only describes. */
  readonly better: "higher" | "lower" | null;
}

/** Every score, under the name that @tidemark/stats gives it. */
export const SCORES = {
  accuracy: { name: "accuracy", metric: metric.performanceAccuracy, better: "higher" },
  precision: { name: "precision", metric: metric.performancePrecision, better: "higher" },
  recall: { name: "recall", metric: metric.performanceRecall, better: "higher" },
  f1: { name: "f1_score", metric: metric.performanceF1, better: "higher" },
  rocAuc: { name: "roc_auc", metric: metric.performanceRocAuc, better: "higher" },
  logLoss: { name: "log_loss", metric: metric.performanceLogLoss, better: "lower" },
  brier: { name: "brier_score", metric: metric.performanceBrier, better: "lower" },
  outcomeRate: { name: "outcome_rate", metric: metric.performanceOutcomeRate, better: null },
  mae: { name: "mae", metric: metric.performanceMae, better: "lower" },
  rmse: { name: "rmse", metric: metric.performanceRmse, better: "lower" },
} as const satisfies Record<string, ScoreDefinition>;

export type ScoreKey = keyof typeof SCORES;
