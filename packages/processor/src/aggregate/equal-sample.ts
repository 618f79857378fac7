/** How rows of `prediction` are chosen so that each counts the same, in SQL. */
export interface EqualSample {
  /** Condition on the rows that may be chosen. */
  readonly isKept: string;
  /** The sample is the first rows by this, then by `id`. */
  readonly place: string;
}

/**
 * Rows that were recorded with probability p stand for 1 / p. One that was recorded likelier is kept more seldom, with the least p of the
 * rows over its own, and by a hash of its id, so that it is always the same rows: all are then equally rare, and the first of them by hash
 * times p are a sample of any size. Where all have one p, all are kept, in the order of the hash.
 * @param condition Restricts `prediction` to the rows in question.
 * @param hash Of `id`: 64 bits, uniform.
 */
export function equalSample(condition: string, hash = "sipHash64(id)"): EqualSample {
  // FINAL costs thrice as much as a plain look, which tells the usual case of one probability: null then, and nothing to thin out. Without it
  // what a later version of a record has replaced would count until it is merged away.
  const differ = `(SELECT min(probability) < max(probability) FROM prediction WHERE ${condition})`;
  const least = `(SELECT minOrNull(probability) FROM prediction FINAL WHERE ${condition} AND ${differ})`;
  return {
    isKept: `ifNull(${hash} / 18446744073709551616. < ${least} / probability, 1)`,
    place: `${hash} * probability`,
  };
}
