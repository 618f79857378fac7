/** Midranks (1-based) of two samples in their union, and the sizes of its groups of ties. */
export interface PooledRanks {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Sizes of the groups of equal values, in ascending order of value; all 1 without ties. */
  readonly tieSizes: readonly number[];
}

/** Ranks two samples together; equal values share the mean of their ranks. O(n log n). Order within a sample is kept. */
export function pooledRanks(x: ArrayLike<number>, y: ArrayLike<number>): PooledRanks {
  const count = x.length + y.length;
  const valueAt = (i: number) => (i < x.length ? x[i]! : y[i - x.length]!);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => compare(valueAt(a), valueAt(b)));
  const ranks = new Float64Array(count);
  const tieSizes: number[] = [];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && valueAt(order[end]!) === valueAt(order[start]!)) end += 1;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end + 1) / 2;
    tieSizes.push(end - start);
    start = end;
  }
  return { x: ranks.subarray(0, x.length), y: ranks.subarray(x.length), tieSizes };
}

/** Unlike a difference it orders infinities. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
