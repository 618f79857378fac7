import type { Profile } from "@tidemark/schema";
import type { MultivariateCounts } from "../window-aggregate.ts";
import { fisherScore } from "./correlations.ts";

export interface CorrelationChange {
  readonly names: readonly [string, string];
  readonly reference: number;
  readonly window: number;
}

/** Less is nothing to name. */
const LEAST_CHANGE = 0.1;

/** The two features whose correlation changed most, on Fisher's scale; null where none did by 0.1. */
export function largestChange(
  { features, correlations }: Pick<NonNullable<Profile["multivariate"]>, "features" | "correlations">,
  { correlations: now }: Pick<MultivariateCounts, "correlations">,
  isUsed: readonly boolean[],
): CorrelationChange | null {
  let largest: CorrelationChange | null = null;
  let most = 0;
  let pair = 0;
  for (let i = 1; i < features.length; i++) {
    for (let j = 0; j < i; j++, pair++) {
      const [reference, window] = [correlations[pair]!, now[pair]!];
      const change = Math.abs(fisherScore(window) - fisherScore(reference));
      if (!isUsed[i] || !isUsed[j] || Math.abs(window - reference) < LEAST_CHANGE || change <= most) continue;
      most = change;
      largest = { names: [features[j]!, features[i]!], reference, window };
    }
  }
  return largest;
}
