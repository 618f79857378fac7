import type { CategoryCounts } from "@tidemark/sketches";
import { mergeCategoryCounts, mergeExponentialHistograms, mergeHistograms } from "@tidemark/sketches";
import { DiscoveredCategories } from "./discovered-categories.ts";
import type { ModelCounts } from "./model-aggregate.ts";
import type { NumericHistogram } from "./numeric-features.ts";

/** The sum of two counts of the same model plan. Neither is changed. */
export function mergeModelCounts(left: ModelCounts, right: ModelCounts): ModelCounts {
  return {
    numeric: left.numeric.map((feature, index) => {
      const other = right.numeric[index]!;
      return {
        name: feature.name,
        states: mergeStates(feature.states, other.states),
        histogram: mergeNumeric(feature.histogram, other.histogram),
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
    score: mergeNumeric(left.score, right.score),
    value: mergeNumeric(left.value, right.value),
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

/** Both are of the same plan, so of the same kind. */
function mergeNumeric(left: NumericHistogram, right: NumericHistogram): NumericHistogram {
  if ("boundaries" in left && "boundaries" in right) return mergeHistograms(left, right);
  if ("scale" in left && "scale" in right) return mergeExponentialHistograms(left, right);
  throw new TypeError("an exponential histogram cannot be added to one on boundaries");
}

function mergeCategories(left: CategoryCounts, right: CategoryCounts): CategoryCounts {
  return left instanceof DiscoveredCategories ? left.mergedWith(right) : mergeCategoryCounts(left, right);
}
