import { roundedWeight } from "../histogram/rounded-weight.ts";

/** A category that was seen often. */
export interface TopCategory {
  readonly category: string;
  /** It was seen at least this often, */
  readonly lower: number;
  /** and at most this often. */
  readonly upper: number;
}

/** What a bounded count of unknown categories holds, in plain numbers. */
export interface TopCounts {
  readonly capacity: number;
  /** Least count of each category kept. */
  readonly lower: ReadonlyMap<string, number>;
  /** How much every true count may exceed the kept one; categories not kept were seen at most this often. */
  readonly error: number;
  /** Values counted: the sum of their weights. */
  readonly count: number;
}

/** The most frequent of categories that are not known beforehand. */
export interface TopCategories extends TopCounts {
  /**
   * @param weight inverse probability of inclusion, from 1/2,048 to 2^20, rounded to a multiple of 1/1,024; 1 by default.
   * @throws RangeError where the weight is not within.
   */
  record(category: string, weight?: number): void;
  /** The most frequent first, equals by name; at most `limit`. */
  top(limit?: number): TopCategory[];
  /** Values that are in no `lower`: of categories not kept, and what was taken off the kept ones. */
  readonly rest: number;
}

/**
 * Makes an empty count of the most frequent categories (Misra and Gries): at most `capacity` are kept, and every count is known to
 * within `error` <= count / (capacity + 1), count being the sum of weights, so each category seen more often than that is kept. With at most `capacity` different
 * categories everything is exact.
 *
 * Where the list of categories is known, `createCategoryCounter` is exact at any size and merges to the bit.
 *
 * @param capacity a whole number from 1 on.
 * @throws RangeError where it is none.
 * Source: J. Misra, D. Gries, Science of Computer Programming 2 (1982), doi:10.1016/0167-6423(82)90012-0.
 * @example
 * const counts = createTopCategories(10);
 * for (const airport of ["LAX", "JFK", "LAX"]) counts.record(airport);
 * counts.top(1); // [{ category: "LAX", lower: 2, upper: 2 }]
 */
export function createTopCategories(capacity: number): TopCategories {
  if (!(Number.isInteger(capacity) && capacity >= 1)) {
    throw new RangeError(`capacity is ${capacity}; expected a whole number of at least 1`);
  }
  return new MisraGries({ capacity, lower: new Map(), error: 0, count: 0 });
}

/**
 * Adds two counts. Commutative to the bit; the bounds hold for every grouping, but their width may differ by grouping.
 *
 * @throws RangeError where the capacities differ.
 * Source: P. Agarwal et al., Mergeable summaries, ACM TODS 38 (2013), doi:10.1145/2500128.
 */
export function mergeTopCategories(left: TopCounts, right: TopCounts): TopCategories {
  const { capacity } = left;
  if (capacity !== right.capacity) {
    throw new RangeError(`capacity of the two counts differs: ${capacity} and ${right.capacity}`);
  }
  const sums = new Map(left.lower);
  for (const [category, count] of right.lower) sums.set(category, (sums.get(category) ?? 0) + count);
  const removed = [...sums.values()].sort((a, b) => b - a)[capacity] ?? 0;
  const kept = [...sums].flatMap(([category, count]): [string, number][] =>
    count > removed ? [[category, count - removed]] : [],
  );
  return new MisraGries({
    capacity,
    lower: new Map(kept.sort(byCountThenName)),
    error: left.error + right.error + removed,
    count: left.count + right.count,
  });
}

class MisraGries implements TopCategories {
  readonly capacity: number;
  /** Counts in objects of their own, so that a known category costs one look-up. */
  readonly #kept = new Map<string, { count: number }>();
  error: number;
  count: number;

  constructor({ capacity, lower, error, count }: TopCounts) {
    this.capacity = capacity;
    for (const [category, least] of lower) this.#kept.set(category, { count: least });
    this.error = error;
    this.count = count;
  }

  get lower(): Map<string, number> {
    return new Map(Array.from(this.#kept, ([category, { count }]) => [category, count]));
  }

  get rest(): number {
    let kept = 0;
    for (const { count } of this.#kept.values()) kept += count;
    return this.count - kept;
  }

  record(category: string, weight = 1): void {
    const count = weight === 1 ? 1 : roundedWeight(weight);
    this.count += count;
    const known = this.#kept.get(category);
    if (known !== undefined) known.count += count;
    else if (this.#kept.size < this.capacity) this.#kept.set(category, { count });
    else this.#makeRoom(category, count);
  }

  top(limit = this.capacity): TopCategory[] {
    return [...this.lower]
      .sort(byCountThenName)
      .slice(0, limit)
      .map(([category, lower]) => ({ category, lower, upper: lower + this.error }));
  }

  /**
   * Takes as much off all counts, and off the new one, as the least of them has. Without weights paid for by the values that raised the
   * counts: constant time a value on average.
   */
  #makeRoom(added: string, count: number): void {
    let taken = count;
    for (const kept of this.#kept.values()) taken = Math.min(taken, kept.count);
    this.error += taken;
    for (const [category, kept] of this.#kept) {
      kept.count -= taken;
      if (kept.count === 0) this.#kept.delete(category);
    }
    if (count > taken) this.#kept.set(added, { count: count - taken });
  }
}

function byCountThenName([a, countA]: readonly [string, number], [b, countB]: readonly [string, number]): number {
  return countB - countA || (a < b ? -1 : 1);
}
