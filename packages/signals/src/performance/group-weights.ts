import type { OutcomeGroup } from "../window-aggregate.ts";

/** A group's weight as the scores of @tidemark/stats take it. */
export function groupWeights(group: OutcomeGroup): { weight: number; count: number; weightSquared: number } {
  return {
    weight: group.weight * group.count,
    count: group.count,
    weightSquared: group.weight * group.weight * group.count,
  };
}

/** Three arrays of one length: values, and the weights that go with them. */
export function weightedValues(groups: readonly OutcomeGroup[], numberOf: (group: OutcomeGroup) => number) {
  const weights = groups.map(groupWeights);
  return {
    values: groups.map(numberOf),
    weights: weights.map(({ weight }) => weight),
    squaredWeights: weights.map(({ weightSquared }) => weightSquared),
  };
}

/** Share of the groups' weight that passes, in the order given. */
export function weightOf(groups: readonly OutcomeGroup[]): { weight: number; squared: number } {
  let weight = 0;
  let squared = 0;
  for (const group of groups) {
    weight += group.weight * group.count;
    squared += group.weight * group.weight * group.count;
  }
  return { weight, squared };
}
