export interface CategoryList {
  /** At most 50, by falling count, ties by name. */
  readonly categories: string[];
  /** The next ones, at most 2,000, which are counted together. */
  readonly otherCategories: string[];
}

export const MAX_CATEGORIES = 50;
export const MAX_OTHER_CATEGORIES = 2_000;

/** Chooses the categories of a field from the rows of each. */
export function listCategories(counts: ReadonlyMap<string, number>): CategoryList {
  const ordered = [...counts.entries()]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([category]) => category);
  return {
    categories: ordered.slice(0, MAX_CATEGORIES),
    otherCategories: ordered.slice(MAX_CATEGORIES, MAX_CATEGORIES + MAX_OTHER_CATEGORIES),
  };
}
