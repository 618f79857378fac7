import { addCounts } from "./add-counts.ts";
import { type BucketIndex, createBucketIndex } from "./bucket-index.ts";
import { createExplicitHistogram } from "./explicit-histogram.ts";
import { requireEqualBoundaries } from "./require-equal-boundaries.ts";
import { roundedWeight } from "./rounded-weight.ts";

/** Weighted counts on frozen boundaries; two with the same boundaries add. */
export interface WeightedCounts {
  /** Ascending, distinct. */
  readonly boundaries: Float64Array;
  /** Sum of the weights a bin: an estimate of how many rows there were. */
  readonly weights: Float64Array;
  /** Sum of the squared weights a bin. */
  readonly squaredWeights: Float64Array;
  /** Values counted, whatever their weight. */
  readonly count: number;
}

/** Sums of weights and of squared weights by bin or cell: what a weighted histogram and a joint table have in common. */
type Weights = Pick<WeightedCounts, "weights" | "squaredWeights">;

/** A histogram of values that were kept with known probabilities. Arrays are live, not copies. */
export interface WeightedHistogram extends WeightedCounts {
  /**
   * Counts one value and returns its bin; NaN is not counted and gives -1.
   *
   * @param weight inverse probability of inclusion, from 1/2,048 to 2^20, rounded to a multiple of 1/1,024.
   * @throws RangeError where the weight is not within.
   */
  record(value: number, weight: number): number;
  reset(): void;
}

/**
 * Makes an empty weighted histogram on frozen boundaries, OTLP's rule for edges (a value on a boundary belongs to the bin below).
 *
 * Weights are rounded to multiples of 1/1,024 (whole weights are exact, others off by at most 0.05 % from 1 on), which makes sums exact
 * up to 2^43 and sums of squares up to 2^33: so far, any order, split or merge gives the same bits; beyond, the same to 2^-53.
 *
 * @param boundaries as of `createExplicitHistogram`.
 * @throws RangeError where a boundary is NaN or not above the one before it.
 * @example
 * const histogram = createWeightedHistogram([0, 10]);
 * histogram.record(5, 4); // kept one in four: 1, and weights are [0, 4, 0]
 */
export function createWeightedHistogram(boundaries: ArrayLike<number>): WeightedHistogram {
  return new GridWeightedHistogram(createExplicitHistogram(boundaries).boundaries);
}

/**
 * Adds two weighted histograms on the same boundaries.
 *
 * @throws RangeError where the boundaries differ.
 */
export function mergeWeightedHistograms(left: WeightedCounts, right: WeightedCounts): WeightedCounts {
  const { boundaries } = left;
  requireEqualBoundaries(boundaries, right.boundaries);
  return {
    boundaries,
    weights: addCounts(left.weights, right.weights),
    squaredWeights: addCounts(left.squaredWeights, right.squaredWeights),
    count: left.count + right.count,
  };
}

/**
 * Effective sample size (sum w)^2 / sum w^2: the number of equally weighted rows that would be as informative; what tests and intervals
 * should take for n.
 *
 * @returns between 0 (nothing counted) and the number of rows.
 */
export function effectiveSampleSize({ weights, squaredWeights }: Weights): number {
  let weight = 0;
  let squared = 0;
  for (let bin = 0; bin < weights.length; bin++) {
    weight += weights[bin]!;
    squared += squaredWeights[bin]!;
  }
  return squared > 0 ? (weight * weight) / squared : 0;
}

/**
 * Weighted counts as counts of as many rows as they are worth: weights scaled so that they sum to the effective sample size. What takes
 * counts of rows (`judgeWindow`, `contingencyTest`, `stabilityTest`) then neither trusts the weights' sum as if every row had been kept nor
 * loses their shares; the first-order correction of Rao and Scott with Kish's design effect.
 *
 * @returns one number a bin, not whole in general; all 0 where nothing was counted.
 * Source: J. N. K. Rao, A. J. Scott, JASA 76 (1981), doi:10.1080/01621459.1981.10477633.
 * @example effectiveCounts(histogram) // kept one in four, 100 rows of weight 4: counts that sum to 100
 */
export function effectiveCounts(counts: Weights): number[] {
  const weight = counts.weights.reduce((sum, own) => sum + own, 0);
  const scale = weight > 0 ? effectiveSampleSize(counts) / weight : 0;
  return Array.from(counts.weights, (own) => own * scale);
}

class GridWeightedHistogram implements WeightedHistogram {
  readonly boundaries: Float64Array;
  readonly weights: Float64Array;
  readonly squaredWeights: Float64Array;
  readonly #index: BucketIndex;
  #count = 0;

  constructor(boundaries: Float64Array) {
    this.boundaries = boundaries;
    this.weights = new Float64Array(boundaries.length + 1);
    this.squaredWeights = new Float64Array(boundaries.length + 1);
    this.#index = createBucketIndex(boundaries);
  }

  get count(): number {
    return this.#count;
  }

  record(value: number, weight: number): number {
    const rounded = roundedWeight(weight);
    if (Number.isNaN(value)) return -1;
    const bin = this.#index.find(value);
    this.weights[bin]! += rounded;
    this.squaredWeights[bin]! += rounded * rounded;
    this.#count += 1;
    return bin;
  }

  reset(): void {
    this.weights.fill(0);
    this.squaredWeights.fill(0);
    this.#count = 0;
  }
}
