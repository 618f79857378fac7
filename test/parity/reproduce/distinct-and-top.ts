import { createDistinctCounter, createTopCategories } from "@tidemark/sketches";
import type { FixtureCase } from "../fixture-file.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

const PRECISION = 14;
/** The stated error of the distinct count, in standard errors, within which a truth counts as reproduced. */
const STANDARD_ERRORS = 3;
/** Categories kept: more than half of those of the smaller streams, a 60th of the largest. */
const CAPACITY = 4_096;

interface Stream {
  readonly N: number;
  readonly U: number | null;
  readonly seed: number;
  readonly distinct: number;
  readonly top20: readonly (readonly [string, number])[];
}

/** The fixture's stream of keys from its linear congruential generator. */
function* keysOf({ N, U, seed }: Stream): Generator<string> {
  let state = seed;
  for (let i = 0; i < N; i++) {
    state = Number((BigInt(state) * 1664525n + 1013904223n) & 0xffffffffn);
    yield `item-${U === null ? i : Math.floor((state / 2 ** 32) ** 3 * U)}`;
  }
}

/**
 * Counts are exact for fewer categories than are kept; for more, each truth must lie within the stated bounds. What does, is given as the
 * truth; what does not, as what was estimated.
 */
function count(entry: FixtureCase) {
  const stream = entry.expected as Stream;
  const distinct = createDistinctCounter(PRECISION);
  const categories = createTopCategories(CAPACITY);
  for (const key of keysOf(stream)) {
    distinct.record(key);
    categories.record(key);
  }
  const { value, standardError } = distinct.estimate();
  const isWithin = Math.abs(value / stream.distinct - 1) <= STANDARD_ERRORS * standardError;
  const isExact = categories.error === 0;
  const kept = categories.lower;
  const counted = stream.top20.map(([category, truth]) => {
    const lower = kept.get(category) ?? 0;
    return [category, lower <= truth && truth <= lower + categories.error ? truth : lower];
  });
  return {
    ...stream,
    distinct: isWithin ? stream.distinct : value,
    top20: isExact ? categories.top(20).map((top) => [top.category, top.lower]) : counted,
  };
}

/** Streams with known numbers of distinct and of the most frequent categories. */
export const distinctAndTop: ReproductionGroup = {
  "CPython 3.11.7": reproduce(count),
};
