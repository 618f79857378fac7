/** Shares of both sides on common bins. */
export interface Shares {
  readonly window: Float64Array;
  readonly reference: Float64Array;
}

/**
 * Divides counts by their sums.
 *
 * @throws RangeError where the numbers of bins differ or are 0, a count is negative or not finite, or a side is empty.
 */
export function sharesOf(window: readonly number[], reference: readonly number[]): Shares {
  if (window.length !== reference.length) {
    throw new RangeError(`window has ${window.length} bins, reference ${reference.length}; use the same bins`);
  }
  return { window: divideBySum("window", window), reference: divideBySum("reference", reference) };
}

function divideBySum(name: string, counts: readonly number[]): Float64Array {
  let sum = 0;
  for (const count of counts) {
    if (!(count >= 0)) throw new RangeError(`${name} holds ${count}; counts are not negative`);
    sum += count;
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} sums to ${sum}; a distance needs rows on both sides`);
  }
  return Float64Array.from(counts, (count) => count / sum);
}
