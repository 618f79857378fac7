import { regressionScores } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { groupWeights } from "./group-weights.ts";
import type { TaskScores } from "./realized-scores.ts";

/** The errors of predicted quantities. */
export function regressionRealized(labelled: readonly OutcomeGroup[]): TaskScores {
  const usable = labelled.filter((group) => group.value !== null && group.outcomeValue !== null);
  const scored = regressionScores(
    usable.map((group) => ({ predicted: group.value!, actual: group.outcomeValue!, ...groupWeights(group) })),
  );
  const keys = ["mae", "rmse", "mse", "bias", "mape", "medianAbsoluteError", "r2"] as const;
  return { scores: keys.map((key) => [key, scored[key]] as const), usable };
}
