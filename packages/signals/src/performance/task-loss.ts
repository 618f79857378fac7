import type { ModelConfig, Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { type ScoredTask, scoredTask } from "./scored-task.ts";
import { trueClassOf } from "./true-class.ts";

/** What a model said of one request, and what came of it. */
export type Answer = Pick<OutcomeGroup, "score" | "label" | "value">;
export type KnownOutcome = Pick<OutcomeGroup, "outcomeKind" | "outcomeLabel" | "outcomeValue" | "position">;

/** The loss of one row. */
export interface TaskLoss {
  readonly name: "brier" | "zero_one" | "absolute_error";
  /** Losses are within [0, cap]; those beyond are cut to it. */
  readonly cap: number;
  /** Null where there is no prediction of the needed kind, or the outcome is of another. */
  of(answer: Answer, outcome: KnownOutcome): number | null;
}

/** Times the reference's root mean squared error at which an absolute error is cut. */
const CAP_IN_RMSE = 10;

/**
 * The loss of a model's task: the Brier loss where the reference has scores that are probabilities, else right or wrong;
 * the absolute error for quantities, cut so that a bound holds for heavy tails too. Null where the task has none (rankings: only
 * the list that was shown can be clicked), or where regression has neither `largestError` nor a reference error.
 */
export function taskLoss(
  profile: Omit<Profile, "id">,
  { largestError }: Pick<ModelConfig["comparison"], "largestError">,
): TaskLoss | null {
  const task = scoredTask(profile);
  if (task.type === "regression" || task.type === "forecast") {
    const rmse = profile.performance[metric.performanceRmse];
    const cap = largestError ?? (rmse === undefined ? 0 : CAP_IN_RMSE * rmse);
    return cap > 0 ? absoluteError(cap) : null;
  }
  if (task.type === "ranking" || task.type === "embedding") return null;
  const hasScore = profile.fields.some(({ target, name }) => target === "prediction" && name === "score");
  return task.isProbability && hasScore ? brier(task) : zeroOne(task);
}

/** The loss that the reference's risk is of; null where the profile has none. */
export function referenceLoss(profile: Profile): TaskLoss | null {
  return profile.risk === undefined ? null : taskLoss(profile, { largestError: profile.risk.cap });
}

function absoluteError(cap: number): TaskLoss {
  return {
    name: "absolute_error",
    cap,
    of({ value }, { outcomeValue }) {
      return value === null || outcomeValue === null ? null : Math.min(cap, Math.abs(value - outcomeValue));
    },
  };
}

function brier(task: ScoredTask): TaskLoss {
  return {
    name: "brier",
    cap: 1,
    of({ score }, outcome) {
      const actual = trueClassOf(task, outcome);
      if (actual === null || score === null || score < 0 || score > 1) return null;
      return (score - (actual === task.positiveLabel ? 1 : 0)) ** 2;
    },
  };
}

function zeroOne(task: ScoredTask): TaskLoss {
  return {
    name: "zero_one",
    cap: 1,
    of({ label }, outcome) {
      const actual = trueClassOf(task, outcome);
      return actual === null || label === null ? null : Number(label !== actual);
    },
  };
}
