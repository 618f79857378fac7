import type { ModelConfig } from "@tidemark/schema";
import type { WindowAggregate } from "../window-aggregate.ts";

/** Share of the window's (weighted) predictions whose outcome is known, in [0, 1]; 0 without predictions. */
export function outcomeCoverage(aggregate: WindowAggregate): number {
  if (aggregate.predictions <= 0) return 0;
  let known = 0;
  for (const group of aggregate.labelled) known += group.weight * group.count;
  return Math.min(1, known / aggregate.predictions);
}

/** Share of the outcomes expected for the window that are known, in [0, 1]: coverage over `performance.expectedCoverage`. */
export function outcomeMaturity(aggregate: WindowAggregate, { expectedCoverage }: ModelConfig["performance"]): number {
  return Math.min(1, outcomeCoverage(aggregate) / expectedCoverage);
}
