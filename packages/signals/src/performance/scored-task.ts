import type { Profile } from "@tidemark/schema";

/** What decides how predictions are held against outcomes. */
export interface ScoredTask {
  readonly type: Profile["model"]["type"];
  /** The class that `score` is the probability of; null for other tasks. */
  readonly positiveLabel: string | null;
  /** Classes that an outcome may have; null where the reference had no outcomes. */
  readonly classes: ReadonlySet<string> | null;
  /** Whether scores are probabilities: then one outside [0, 1] is not scored. */
  readonly isProbability: boolean;
  /** Worth by predicted and true class; null where none is configured. */
  readonly worth: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
}

/** The task of a profile's model. `worth` comes from the configuration. */
export function scoredTask(
  { model, positiveLabel, fields }: Pick<Profile, "model" | "positiveLabel" | "fields">,
  worth: ScoredTask["worth"] = null,
): ScoredTask {
  const outcome = fields.find((field) => field.target === "outcome" && field.kind === "categorical");
  const score = fields.find((field) => field.target === "prediction" && field.name === "score");
  const known =
    outcome?.kind === "categorical"
      ? new Set([...outcome.categories, ...outcome.otherCategories, ...(positiveLabel === null ? [] : [positiveLabel])])
      : null;
  return {
    type: model.type,
    positiveLabel,
    // A reference with one class says nothing of the others.
    classes: known !== null && known.size >= 2 ? known : null,
    isProbability:
      positiveLabel !== null && (score === undefined || (score.kind === "numeric" && score.min >= 0 && score.max <= 1)),
    worth,
  };
}
