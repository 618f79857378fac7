import { addCounts } from "../histogram/add-counts.ts";
import type { CategoryCounts } from "./category-counter.ts";

/**
 * Adds two counts over the same list of categories; associative and commutative to the bit up to 2^53.
 *
 * @throws RangeError where the lists differ.
 */
export function mergeCategoryCounts(left: CategoryCounts, right: CategoryCounts): CategoryCounts {
  const { categories } = left;
  if (
    categories.length !== right.categories.length ||
    categories.some((category, bin) => category !== right.categories[bin])
  ) {
    throw new RangeError("categories of the two counts differ; only counts over the same list add up");
  }
  return {
    categories,
    counts: addCounts(left.counts, right.counts),
    count: left.count + right.count,
  };
}
