export { type CategoryCounter, type CategoryCounts, createCategoryCounter } from "./categories/category-counter.ts";
export { mergeCategoryCounts } from "./categories/merge-category-counts.ts";
export {
  createTopCategories,
  mergeTopCategories,
  type TopCategories,
  type TopCategory,
  type TopCounts,
} from "./categories/top-categories.ts";
export { createDistinctCounter, type DistinctCounter, type DistinctEstimate } from "./distinct/distinct-counter.ts";
export { type BucketIndex, createBucketIndex } from "./histogram/bucket-index.ts";
export {
  createExplicitHistogram,
  type ExplicitHistogram,
  type HistogramCounts,
} from "./histogram/explicit-histogram.ts";
export type { BucketRange } from "./histogram/exponential-buckets.ts";
export {
  createExponentialHistogram,
  type ExponentialCounts,
  type ExponentialHistogram,
  mergeExponentialHistograms,
} from "./histogram/exponential-histogram.ts";
export { createHistogramBlock, type HistogramBlock } from "./histogram/histogram-block.ts";
export { createHistogramLayout, type HistogramLayout } from "./histogram/histogram-layout.ts";
export { mergeHistograms } from "./histogram/merge-histograms.ts";
export {
  createWeightedHistogram,
  effectiveCounts,
  effectiveSampleSize,
  mergeWeightedHistograms,
  type WeightedCounts,
  type WeightedHistogram,
} from "./histogram/weighted-histogram.ts";
export {
  createJointTable,
  type JointCounts,
  type JointDimension,
  type JointTable,
  marginalTable,
  mergeJointTables,
} from "./joint/joint-table.ts";
export type { ExactSumState } from "./moments/exact-sum.ts";
export { createMoments, type Moments, type MomentsState, restoreMoments } from "./moments/moments.ts";
export { explicitQuantile, exponentialQuantile, type QuantileBounds } from "./quantiles/quantile-bounds.ts";
