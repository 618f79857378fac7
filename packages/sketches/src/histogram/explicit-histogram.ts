import { type BucketIndex, createBucketIndex } from "./bucket-index.ts";
import { checkedBoundaries } from "./checked-boundaries.ts";
import { finiteSum } from "./finite-sum.ts";
import { requireEqualBoundaries } from "./require-equal-boundaries.ts";

/** What a histogram has counted; two with the same boundaries add exactly. */
export interface HistogramCounts {
  /** Ascending, distinct. */
  readonly boundaries: Float64Array;
  /** boundaries.length + 1 whole numbers; bin i holds (boundaries[i - 1], boundaries[i]]. */
  readonly counts: Float64Array;
  /** Values counted: the sum of `counts`. */
  readonly count: number;
  /** Sum of the finite values, by plain addition in the order of recording; finite: it stays at the largest double. */
  readonly sum: number;
}

/** A histogram on frozen boundaries that is recorded into. `counts` is the live array, not a copy. */
export interface ExplicitHistogram extends HistogramCounts {
  /** Counts one value and returns its bin. Infinite values go to the outer bins and not into `sum`; NaN is not counted and gives -1. */
  record(value: number): number;
  /**
   * Counts what another one has counted; allocates nothing, where `mergeHistograms` makes a new one.
   *
   * @throws RangeError where the boundaries differ.
   */
  add(other: HistogramCounts): void;
  /** Forgets all values and keeps the boundaries and their search. */
  reset(): void;
}

/**
 * Makes an empty histogram on frozen boundaries with OTLP's rule: a value on a boundary belongs to the bin below.
 * Recording takes near constant time (see `createBucketIndex`) and allocates nothing; counts are exact up to 2^53.
 *
 * @param boundaries ascending, distinct, no NaN; may be empty (one bin), may end in infinities. Copied.
 * @throws RangeError where a boundary is NaN or not above the one before it.
 * @example
 * const histogram = createExplicitHistogram([0, 10]);
 * histogram.record(10); // 1
 * histogram.counts; // Float64Array [0, 1, 0]
 */
export function createExplicitHistogram(boundaries: ArrayLike<number>): ExplicitHistogram {
  return new GridHistogram(checkedBoundaries(boundaries));
}

class GridHistogram implements ExplicitHistogram {
  readonly boundaries: Float64Array;
  readonly counts: Float64Array;
  /** In a typed array, so that no number is boxed. */
  readonly #sum = new Float64Array(1);
  readonly #index: BucketIndex;

  constructor(boundaries: Float64Array) {
    this.boundaries = boundaries;
    this.counts = new Float64Array(boundaries.length + 1);
    this.#index = createBucketIndex(boundaries);
  }

  get count(): number {
    const { counts } = this;
    let sum = 0;
    for (let bin = 0; bin < counts.length; bin++) sum += counts[bin]!;
    return sum;
  }

  get sum(): number {
    return finiteSum(this.#sum[0]!);
  }

  record(value: number): number {
    if (Number.isNaN(value)) return -1;
    const bin = this.#index.find(value);
    this.counts[bin]! += 1;
    if (value - value === 0) this.#sum[0]! += value;
    return bin;
  }

  add({ boundaries, counts, sum }: HistogramCounts): void {
    requireEqualBoundaries(this.boundaries, boundaries);
    const own = this.counts;
    for (let bin = 0; bin < own.length; bin++) own[bin]! += counts[bin]!;
    this.#sum[0] = finiteSum(this.sum + sum);
  }

  reset(): void {
    this.counts.fill(0);
    this.#sum[0] = 0;
  }
}
