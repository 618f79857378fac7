import type { ModelConfig, Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { type ScoredTask, scoredTask } from "../performance/scored-task.ts";
import { trueClassOf } from "../performance/true-class.ts";
import type { OutcomeGroup } from "../window-aggregate.ts";

/** What one of two models said of a request. */
export type PairedPrediction = Pick<OutcomeGroup, "score" | "label" | "value">;
export type PairedOutcome = Pick<OutcomeGroup, "outcomeKind" | "outcomeLabel" | "outcomeValue" | "position">;

/** How the losses of two models on one request are compared. */
export interface PairedLoss {
  readonly name: "brier" | "zero_one" | "absolute_error";
  /** Differences are within [-cap, cap]; those beyond are cut to it. */
  readonly cap: number;
  /** loss(challenger) - loss(champion); null where one of them has no prediction of the needed kind, or the outcome is of another. */
  difference(champion: PairedPrediction, challenger: PairedPrediction, outcome: PairedOutcome): number | null;
}

/** Times the reference's root mean squared error at which a difference of absolute errors is cut. */
const CAP_IN_RMSE = 10;

/**
 * The loss of a model's task: the Brier loss where the reference has scores that are probabilities, else right or wrong;
 * the absolute error for quantities, cut so that a bound holds for heavy tails too. Null where the task has none (rankings: only
 * the list that was shown can be clicked), or where regression has neither `largestDifference` nor a reference error.
 */
export function pairedLoss(profile: Profile, comparison: ModelConfig["comparison"]): PairedLoss | null {
  const task = scoredTask(profile);
  if (task.type === "regression" || task.type === "forecast") return absoluteError(profile, comparison);
  if (task.type === "ranking" || task.type === "embedding") return null;
  const hasScore = profile.fields.some(({ target, name }) => target === "prediction" && name === "score");
  return task.isProbability && hasScore ? brier(task) : zeroOne(task);
}

function absoluteError(profile: Profile, { largestDifference }: ModelConfig["comparison"]): PairedLoss | null {
  const rmse = profile.performance[metric.performanceRmse];
  const cap = largestDifference ?? (rmse === undefined ? undefined : CAP_IN_RMSE * rmse);
  if (cap === undefined || !(cap > 0)) return null;
  return {
    name: "absolute_error",
    cap,
    difference(champion, challenger, { outcomeValue: actual }) {
      if (champion.value === null || challenger.value === null || actual === null) return null;
      return Math.min(cap, Math.max(-cap, Math.abs(challenger.value - actual) - Math.abs(champion.value - actual)));
    },
  };
}

function brier(task: ScoredTask): PairedLoss {
  return {
    name: "brier",
    cap: 1,
    difference(champion, challenger, outcome) {
      const actual = classOf(task, outcome);
      const [a, b] = [champion.score, challenger.score];
      if (actual === null || !isProbability(a) || !isProbability(b)) return null;
      const target = actual === task.positiveLabel ? 1 : 0;
      return (b - target) ** 2 - (a - target) ** 2;
    },
  };
}

function zeroOne(task: ScoredTask): PairedLoss {
  return {
    name: "zero_one",
    cap: 1,
    difference(champion, challenger, outcome) {
      const actual = classOf(task, outcome);
      if (actual === null || champion.label === null || challenger.label === null) return null;
      return Number(challenger.label !== actual) - Number(champion.label !== actual);
    },
  };
}

function classOf(task: ScoredTask, outcome: PairedOutcome): string | null {
  return trueClassOf(task, { ...outcome, score: null, label: null, value: null, weight: 1, count: 1 });
}

function isProbability(score: number | null): score is number {
  return score !== null && score >= 0 && score <= 1;
}
