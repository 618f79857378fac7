import { meanEstimate } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { weightedValues } from "./group-weights.ts";
import type { RealizedScores } from "./realized-scores.ts";
import type { ScoredTask } from "./scored-task.ts";
import { trueClassOf } from "./true-class.ts";

/**
 * Mean worth of a prediction by the configured matrix, worth[predicted][true], with its interval; nothing where none is
 * configured. A pair that the matrix does not name is worth 0.
 *
 * @param decided groups with a predicted and a true class.
 */
export function businessValue(task: ScoredTask, decided: readonly OutcomeGroup[]): RealizedScores["scores"] {
  const { worth } = task;
  if (worth === null || decided.length === 0) return [];
  const worthOf = (group: OutcomeGroup) => worth[group.label!]?.[trueClassOf(task, group)!] ?? 0;
  return [["businessValue", meanEstimate(weightedValues(decided, worthOf))]];
}
