/** Values of a numeric column, ascending and distinct, with the number of rows of each. */
export interface DistinctValues {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

export interface NumericSummary {
  readonly boundaries: number[];
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the sample (n - 1); 0 for one row. */
  readonly standardDeviation: number;
}

const QUANTILES = 120;

/**
 * Boundaries at the k/120 quantiles (the smallest value that at least k/120 of the rows do not exceed), or at every value
 * where there are at most 120; with a tail boundary at the largest double below the smallest value, so that what lies
 * below the reference has a bin of its own, and one at the largest value for what lies above.
 *
 * @param distinct at least one value, all finite.
 */
export function summarizeNumbers({ values, counts }: DistinctValues): NumericSummary {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const min = values[0]!;
  const max = values.at(-1)!;
  const inner = values.length <= QUANTILES ? values : quantiles(values, counts, rows);
  const mean = values.reduce((sum, value, index) => sum + value * (counts[index]! / rows), 0);
  const squares = values.reduce((sum, value, index) => sum + (value - mean) ** 2 * counts[index]!, 0);
  return {
    boundaries: [...new Set([nextBelow(min), ...inner, max])],
    min,
    max,
    mean,
    standardDeviation: rows > 1 ? Math.sqrt(squares / (rows - 1)) : 0,
  };
}

/** The largest finite double below a finite number; the lowest of all for itself. */
export function nextBelow(value: number): number {
  if (value === -Number.MAX_VALUE) return value;
  if (value === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0]! += value > 0 ? -1n : 1n;
  return new Float64Array(bits.buffer)[0]!;
}

function quantiles(values: Float64Array, counts: Float64Array, rows: number): number[] {
  const found: number[] = [];
  let index = 0;
  let below = counts[0]!;
  for (let k = 1; k < QUANTILES; k++) {
    while (below * QUANTILES < k * rows) {
      index++;
      below += counts[index]!;
    }
    found.push(values[index]!);
  }
  return found;
}
