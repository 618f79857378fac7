/** Rows that were kept with one inclusion probability. */
export interface SampledCount {
  readonly probability: number;
  readonly count: number;
}

interface SampleSize {
  /** Estimated rows before sampling: the sum of the inverse probabilities. */
  readonly weighted: number;
  /** Kish's effective number of rows: (sum w)^2 / sum w^2; the number of rows where all probabilities are equal. */
  readonly effective: number;
}

/** Sizes of a sample. Cost: the number of distinct probabilities; the order of the input does not matter. */
export function sampleSize(counts: readonly SampledCount[]): SampleSize {
  const ordered = [...counts].sort((a, b) => a.probability - b.probability);
  const [first] = ordered;
  if (first === undefined) return { weighted: 0, effective: 0 };
  const rows = ordered.reduce((sum, { count }) => sum + count, 0);
  if (first.probability === ordered.at(-1)?.probability) return { weighted: rows / first.probability, effective: rows };
  let weights = 0;
  let squares = 0;
  for (const { probability, count } of ordered) {
    weights += count / probability;
    squares += count / probability ** 2;
  }
  return { weighted: weights, effective: weights ** 2 / squares };
}

/**
 * What one row of each probability counts for, so that shares are unbiased and the counts add up to the effective
 * number of rows. Exactly 1 where all probabilities are equal: counts stay integers.
 */
export function rowWeights(counts: readonly SampledCount[]): ReadonlyMap<number, number> {
  const distinct = new Set(counts.map(({ probability }) => probability));
  if (distinct.size <= 1) return new Map([...distinct].map((probability) => [probability, 1]));
  const { weighted, effective } = sampleSize(counts);
  return new Map([...distinct].map((probability) => [probability, effective / weighted / probability]));
}
