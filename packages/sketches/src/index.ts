export { type CategoryCounter, type CategoryCounts, createCategoryCounter } from "./categories/category-counter.ts";
export { mergeCategoryCounts } from "./categories/merge-category-counts.ts";
export { type BucketIndex, createBucketIndex } from "./histogram/bucket-index.ts";
export {
  createExplicitHistogram,
  type ExplicitHistogram,
  type HistogramCounts,
} from "./histogram/explicit-histogram.ts";
export { mergeHistograms } from "./histogram/merge-histograms.ts";
