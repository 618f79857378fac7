import { sharesOf } from "./shares.ts";

/** Histograms of a window and a reference on the same boundaries; a value on a boundary belongs to the bin below. */
export interface BinnedSamples {
  /** Ascending, distinct. */
  readonly boundaries: readonly number[];
  /** boundaries.length + 1 counts. */
  readonly window: readonly number[];
  readonly reference: readonly number[];
}

/** Distribution functions at both ends of every bin: entry i is the share below bin i, entry i + 1 the share up to its end. */
export interface CumulativeShares {
  readonly window: Float64Array;
  readonly reference: Float64Array;
}

/** @throws RangeError where the counts do not fit the boundaries or each other, or a side is empty. */
export function cumulativeSharesOf({ boundaries, window, reference }: BinnedSamples): CumulativeShares {
  sharesOf(window, reference);
  if (window.length !== boundaries.length + 1) {
    throw new RangeError(`window has ${window.length} bins; ${boundaries.length} boundaries need one more than them`);
  }
  boundaries.forEach((boundary, i) => {
    if (Number.isNaN(boundary) || (i > 0 && !(boundary > boundaries[i - 1]!))) {
      throw new RangeError(`boundaries[${i}] is ${boundary}; boundaries ascend, are distinct and not NaN`);
    }
  });
  return { window: cumulative(window), reference: cumulative(reference) };
}

/** Whole counts are added before they are divided, so that shares are as exact as one division. */
function cumulative(counts: readonly number[]): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  counts.forEach((count, bin) => {
    sums[bin + 1] = sums[bin]! + count;
  });
  const total = sums[counts.length]!;
  return sums.map((sum) => sum / total);
}
