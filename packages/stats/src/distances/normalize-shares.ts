/** Two distributions on the same bins, each summing to 1. */
export interface SharePair {
  readonly p: Float64Array;
  readonly q: Float64Array;
}

/**
 * Divides each side by its sum.
 *
 * @throws RangeError naming the side that is negative, not finite or sums to 0, or the differing numbers of bins.
 */
export function normalizeShares(p: ArrayLike<number>, q: ArrayLike<number>): SharePair {
  if (p.length !== q.length) throw new RangeError(`p has ${p.length} bins, q ${q.length}; use the same bins`);
  return { p: normalize("p", p), q: normalize("q", q) };
}

function normalize(name: string, values: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= 0)) throw new RangeError(`${name}[${i}] is ${values[i]}; expected a number of at least 0`);
    sum += values[i]!;
  }
  if (!(sum > 0 && Number.isFinite(sum))) throw new RangeError(`${name} sums to ${sum}; expected a finite sum above 0`);
  return Float64Array.from(values, (value) => value / sum);
}
