export { type CategoryCounter, type CategoryCounts, createCategoryCounter } from "./categories/category-counter.ts";
export { mergeCategoryCounts } from "./categories/merge-category-counts.ts";
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
