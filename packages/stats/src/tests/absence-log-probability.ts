import gammaln from "@stdlib/math-base-special-gammaln";

/**
 * Natural logarithm of the probability that none of `rows` rows is of a kind that `hits` of `referenceRows` were, where
 * the kind's share is known from the reference alone: its posterior under Jeffreys' prior is Beta(hits + 1/2,
 * referenceRows - hits + 1/2), and the probability is that of the beta-binomial at 0:
 * B(a, b + rows) / B(a, b). Below 0 for positive `rows`; 0 for none.
 *
 * Numbers may be effective ones, so need not be integers. Throws RangeError unless 0 <= hits <= referenceRows and rows >= 0.
 */
export function absenceLogProbability(hits: number, referenceRows: number, rows: number): number {
  if (!(rows >= 0) || !Number.isFinite(rows)) throw new RangeError(`rows: expected a number from 0, found ${rows}`);
  if (!(hits >= 0 && hits <= referenceRows) || !Number.isFinite(referenceRows)) {
    throw new RangeError(`hits: expected a number from 0 to referenceRows (${referenceRows}), found ${hits}`);
  }
  const misses = referenceRows - hits + 0.5;
  const all = referenceRows + 1;
  return gammaln(misses + rows) - gammaln(misses) + gammaln(all) - gammaln(all + rows);
}
