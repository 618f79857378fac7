import type { HistogramCounts } from "./explicit-histogram.ts";
import { finiteSum } from "./finite-sum.ts";
import type { HistogramLayout } from "./histogram-layout.ts";
import { requireEqualBoundaries } from "./require-equal-boundaries.ts";

/** Counts of the histograms of one layout, recorded into a row at a time. */
export interface HistogramBlock {
  /** What each histogram has counted: live, not a copy. */
  readonly histograms: readonly HistogramCounts[];
  /**
   * Counts a row once its bins are located; a bin of -1 is not counted. Infinite values do not enter the sum. Allocates
   * nothing.
   *
   * @param row the values, one for each histogram
   * @param bins what the layout's `locate` found for them
   */
  add(row: Float64Array, bins: Int32Array): void;
  /** Counts what another block of the same layout has counted. @throws RangeError where the layout is another. */
  addAll(other: HistogramBlock): void;
  reset(): void;
}

/** Makes empty counts on a layout; many blocks may share one. Counts are exact up to 2^53. */
export function createHistogramBlock(layout: HistogramLayout): HistogramBlock {
  return new FlatBlock(layout);
}

class FlatBlock implements HistogramBlock {
  readonly histograms: readonly HistogramCounts[];
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor({ boundaries, offsets }: HistogramLayout) {
    const all = new Float64Array(offsets[boundaries.length]!);
    const sums = new Float64Array(boundaries.length);
    this.#counts = all;
    this.#sums = sums;
    this.histograms = boundaries.map((own, index) => {
      const counts = all.subarray(offsets[index]!, offsets[index + 1]!);
      return {
        boundaries: own,
        counts,
        get count() {
          let total = 0;
          for (let bin = 0; bin < counts.length; bin++) total += counts[bin]!;
          return total;
        },
        get sum() {
          return finiteSum(sums[index]!);
        },
      };
    });
  }

  add(row: Float64Array, bins: Int32Array): void {
    const counts = this.#counts;
    const sums = this.#sums;
    for (let index = 0; index < row.length; index++) {
      const bin = bins[index]!;
      if (bin < 0) continue;
      counts[bin]! += 1;
      const value = row[index]!;
      if (value - value === 0) sums[index]! += value;
    }
  }

  addAll(other: HistogramBlock): void {
    if (other.histograms.length !== this.histograms.length) {
      throw new RangeError(
        `other has ${other.histograms.length} histograms, this block ${this.histograms.length}; both must be of one layout`,
      );
    }
    this.histograms.forEach(({ boundaries }, index) => {
      requireEqualBoundaries(boundaries, other.histograms[index]!.boundaries);
    });
    other.histograms.forEach(({ counts, sum }, index) => {
      const { counts: own, sum: ownSum } = this.histograms[index]!;
      for (let bin = 0; bin < own.length; bin++) own[bin]! += counts[bin]!;
      this.#sums[index] = finiteSum(ownSum + sum);
    });
  }

  reset(): void {
    this.#counts.fill(0);
    this.#sums.fill(0);
  }
}
