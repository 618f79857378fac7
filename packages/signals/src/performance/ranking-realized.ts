import { meanEstimate, shareEstimate } from "@tidemark/stats";
import type { OutcomeGroup } from "../window-aggregate.ts";
import { weightedValues, weightOf } from "./group-weights.ts";
import type { TaskScores } from "./realized-scores.ts";

const TOP = 10;

/**
 * How high what was chosen stood: reciprocal rank 1 / position, NDCG 1 / log2(position + 1) (one relevant item a ranking), and
 * the share within the first ten. An outcome needs a position, of whatever kind it is.
 */
export function rankingRealized(labelled: readonly OutcomeGroup[]): TaskScores {
  const usable = labelled.filter((group) => group.position !== null);
  const mean = (gain: (position: number) => number) =>
    meanEstimate(
      weightedValues(usable, (group) => gain(group.position!)),
      [0, 1],
    );
  const all = weightOf(usable);
  const top = weightOf(usable.filter((group) => group.position! <= TOP));
  return {
    scores: [
      ["reciprocalRank", mean((position) => 1 / position)],
      ["ndcg", mean((position) => 1 / Math.log2(position + 1))],
      ["hitRate", shareEstimate(top.weight, all.weight, all.squared)],
    ],
    usable,
  };
}
