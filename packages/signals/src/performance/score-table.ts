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
  precision: { name: "precision", metric: metric.performancePrecision, better: "higher", byDefault: false },
  recall: { name: "recall", metric: metric.performanceRecall, better: "higher", byDefault: false },
  f1: { name: "f1_score", metric: metric.performanceF1, better: "higher", byDefault: false },
  rocAuc: { name: "roc_auc", metric: metric.performanceRocAuc, better: "higher", byDefault: true },
  logLoss: { name: "log_loss", metric: metric.performanceLogLoss, better: "lower", byDefault: true },
  brier: { name: "brier_score", metric: metric.performanceBrier, better: "lower", byDefault: false },
  outcomeRate: { name: "outcome_rate", metric: metric.performanceOutcomeRate, better: null, byDefault: false },
  mae: { name: "mae", metric: metric.performanceMae, better: "lower", byDefault: true },
  rmse: { name: "rmse", metric: metric.performanceRmse, better: "lower", byDefault: true },
} as const satisfies Record<string, ScoreDefinition>;

export type ScoreKey = keyof typeof SCORES;
