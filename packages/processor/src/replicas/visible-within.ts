/**
 * What one replica stores is seen by all within this time of the arrival that its rows bear, in milliseconds: a commit that takes
 * longer is repeated with a new arrival, and two seconds are left for clocks that differ.
 */
export const VISIBLE_WITHIN_MS = 12_000;

/** A commit that takes longer is repeated. */
export const LONGEST_COMMIT_MS = 10_000;
