import type { ModelConfig, Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { scoredTask } from "../performance/scored-task.ts";
import type { Answer, KnownOutcome } from "../performance/task-loss.ts";
import { trueClassOf } from "../performance/true-class.ts";

/** How the answers of an ensemble and its members are read. */
export interface EnsembleTask {
  /** What members answer with: probabilities of the positive class, quantities, or classes. */
  readonly kind: "probability" | "quantity" | "class";
  /** Quantities: rows with an error of any member beyond this are left out, so that a bound holds; 1 for probabilities. */
  readonly largestError: number;
  /** The ensemble's own answer as a number; NaN where there is none. Classes: always NaN. */
  numberOf(answer: Answer): number;
  /** Whether a member's number is one that the task can have. */
  isUsable(number: number): boolean;
  /** The truth as a number, 1 for the positive class; NaN where it is not known or of another kind. */
  truthOf(outcome: KnownOutcome): number;
  /** The true class; null where it is not known. Quantities: always null. */
  classOf(outcome: KnownOutcome): string | null;
}

/** Times the reference's root mean squared error beyond which a row is left out. */
const LARGEST_IN_RMSE = 5;

/** The task of a model that may be an ensemble; null for rankings and embeddings, and for quantities whose reference has no error. */
export function ensembleTask(
  profile: Omit<Profile, "id">,
  { largestError }: Pick<ModelConfig["comparison"], "largestError">,
): EnsembleTask | null {
  const task = scoredTask(profile);
  const classOf = (outcome: KnownOutcome) => trueClassOf(task, outcome);
  if (task.type === "ranking" || task.type === "embedding") return null;
  if (task.type === "regression" || task.type === "forecast") {
    const rmse = profile.performance[metric.performanceRmse];
    const largest = largestError ?? (rmse === undefined ? 0 : LARGEST_IN_RMSE * rmse);
    if (!(largest > 0)) return null;
    return {
      kind: "quantity",
      largestError: largest,
      numberOf: ({ value }) => value ?? Number.NaN,
      isUsable: Number.isFinite,
      truthOf: ({ outcomeValue }) => outcomeValue ?? Number.NaN,
      classOf: () => null,
    };
  }
  const hasScore = profile.fields.some(({ target, name }) => target === "prediction" && name === "score");
  if (!task.isProbability || !hasScore) {
    const nothing = () => Number.NaN;
    return { kind: "class", largestError: 1, numberOf: nothing, isUsable: () => false, truthOf: nothing, classOf };
  }
  const isProbability = (number: number) => number >= 0 && number <= 1;
  return {
    kind: "probability",
    largestError: 1,
    numberOf: ({ score }) => (score !== null && isProbability(score) ? score : Number.NaN),
    isUsable: isProbability,
    truthOf(outcome) {
      const actual = classOf(outcome);
      return actual === null ? Number.NaN : Number(actual === task.positiveLabel);
    },
    classOf,
  };
}
