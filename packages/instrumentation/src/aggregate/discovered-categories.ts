import type { CategoryCounts } from "@tidemark/sketches";

/** Longer text is never kept as a category. */
const MAX_CATEGORY_LENGTH = 256;

/** Counts per category of a list that is not known beforehand: the first `limit` to come are kept, the rest is one count. */
export class DiscoveredCategories implements CategoryCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  #rest = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get categories(): readonly string[] {
    return [...this.#counts.keys()];
  }

  get counts(): Float64Array {
    return Float64Array.of(...this.#counts.values(), this.#rest);
  }

  get count(): number {
    let sum = this.#rest;
    for (const count of this.#counts.values()) sum += count;
    return sum;
  }

  record(category: string, count = 1): void {
    const before = category.length > MAX_CATEGORY_LENGTH ? undefined : this.#counts.get(category);
    const isKept = before !== undefined || (this.#counts.size < this.#limit && category.length <= MAX_CATEGORY_LENGTH);
    if (isKept) this.#counts.set(category, (before ?? 0) + count);
    else this.#rest += count;
  }

  reset(): void {
    this.#counts.clear();
    this.#rest = 0;
  }

  /** A new tally of both; what this one knows is kept first. */
  mergedWith(other: CategoryCounts): DiscoveredCategories {
    const merged = new DiscoveredCategories(this.#limit);
    for (const { categories, counts } of [this, other]) {
      categories.forEach((category, index) => {
        merged.record(category, counts[index]!);
      });
      merged.#rest += counts[categories.length]!;
    }
    return merged;
  }
}
