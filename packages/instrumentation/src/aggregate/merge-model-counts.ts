import type { CategoryCounts } from "@tidemark/sketches";
import { type HistogramCounts, mergeCategoryCounts, mergeHistograms } from "@tidemark/sketches";
import { DiscoveredCategories } from "./discovered-categories.ts";
import type { ModelCounts } from "./model-aggregate.ts";

/** The sum of two counts of the same model plan. Neither is changed. */
export function mergeModelCounts(left: ModelCounts, right: ModelCounts): ModelCounts {
  return {
    numeric: left.numeric.map((feature, index) => {
      const other = right.numeric[index]!;
      return {
        name: feature.name,
        states: mergeStates(feature.states, other.states),
        histogram: mergeOptional(feature.histogram, other.histogram),
      };
    }),
    categorical: left.categorical.map((feature, index) => {
      const other = right.categorical[index]!;
      return {
        name: feature.name,
        states: mergeStates(feature.states, other.states),
        categories: mergeCategories(feature.categories, other.categories),
      };
    }),
    score: mergeOptional(left.score, right.score),
    value: mergeOptional(left.value, right.value),
    labels: mergeCategories(left.labels, right.labels),
    duration: mergeHistograms(left.duration, right.duration),
    batchSize: mergeHistograms(left.batchSize, right.batchSize),
    succeeded: left.succeeded + right.succeeded,
    failed: mergeCategories(left.failed, right.failed),
  };
}

function mergeStates(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((count, index) => count + right[index]!);
}

function mergeOptional(left: HistogramCounts | null, right: HistogramCounts | null): HistogramCounts | null {
  return left === null || right === null ? null : mergeHistograms(left, right);
}

function mergeCategories(left: CategoryCounts, right: CategoryCounts): CategoryCounts {
  return left instanceof DiscoveredCategories ? left.mergedWith(right) : mergeCategoryCounts(left, right);
}
