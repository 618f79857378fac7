import { CategoryDictionary } from "./category-dictionary.ts";
import type { ModelPlan } from "./feature-plan.ts";

/** One declared segment: its values, and which of them may have counts of their own. */
export interface SegmentPlan {
  readonly name: string;
  /** Index of the categorical feature that it is; -1: an input, or what the record says, of the segment's name. */
  readonly feature: number;
  readonly dictionary: CategoryDictionary;
  /** The bin that a value is counted under: its own, or the rest where the budget of series is spent. */
  admit(bin: number): number;
}

/** Values of a segment that no feature lists. */
const DISCOVERED_LIMIT = 50;
const UNLISTED = { categories: null, otherCategories: new Set<string>(), codes: null } as const;

/** @param maxAggregates sets of counts that all segments together may have, the rest of each included */
export function planSegments(
  { segments, categorical }: ModelPlan,
  dictionaries: readonly CategoryDictionary[],
  maxAggregates: number,
): SegmentPlan[] {
  let left = Math.max(0, maxAggregates - segments.length);
  return segments.map((name) => {
    const feature = categorical.findIndex((candidate) => candidate.name === name);
    const dictionary = feature < 0 ? new CategoryDictionary(UNLISTED, DISCOVERED_LIMIT) : dictionaries[feature]!;
    const admitted = new Uint8Array(dictionary.limit + 1);
    admitted[dictionary.limit] = 1;
    return {
      name,
      feature,
      dictionary,
      admit(bin) {
        if (admitted[bin] === 1) return bin;
        if (left <= 0) return dictionary.limit;
        left--;
        admitted[bin] = 1;
        return bin;
      },
    };
  });
}
