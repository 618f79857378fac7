/** How often each category was seen; two with the same categories add exactly. */
export interface CategoryCounts {
  readonly categories: readonly string[];
  /** categories.length + 1 whole numbers, the last for every other category. */
  readonly counts: Float64Array;
  /** Values counted: the sum of `counts`. */
  readonly count: number;
}

/** Counts per category of a fixed list, with an explicit rest: its size never grows. `counts` is the live array. */
export interface CategoryCounter extends CategoryCounts {
  /** Counts one value and returns its bin; `categories.length` is the rest. */
  record(category: string): number;
  /** Forgets all values and keeps the list. */
  reset(): void;
}

/**
 * Makes an empty counter over a fixed list of categories. Whatever is not on the list is counted in the last bin.
 *
 * @param categories distinct; may be empty (everything is rest). Copied.
 * @throws RangeError where a category is listed twice.
 * @example
 * const counter = createCategoryCounter(["LAX", "JFK"]);
 * counter.record("JFK"); // 1
 * counter.record("XYZ"); // 2, the rest
 */
export function createCategoryCounter(categories: readonly string[]): CategoryCounter {
  const bins = new Map(categories.map((category, bin) => [category, bin]));
  if (bins.size !== categories.length) {
    const twice = categories.find((category, bin) => bins.get(category) !== bin);
    throw new RangeError(`categories lists ${JSON.stringify(twice)} twice; list every category once`);
  }
  return new ListedCategoryCounter([...categories], bins);
}

class ListedCategoryCounter implements CategoryCounter {
  readonly categories: readonly string[];
  readonly counts: Float64Array;
  readonly #bins: ReadonlyMap<string, number>;

  constructor(categories: readonly string[], bins: ReadonlyMap<string, number>) {
    this.categories = categories;
    this.counts = new Float64Array(categories.length + 1);
    this.#bins = bins;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  record(category: string): number {
    const bin = this.#bins.get(category) ?? this.categories.length;
    this.counts[bin]! += 1;
    return bin;
  }

  reset(): void {
    this.counts.fill(0);
  }
}
