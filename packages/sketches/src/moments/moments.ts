import { ExactSum, type ExactSumState } from "./exact-sum.ts";

/** What moments have counted, in plain numbers; restored to the bit. */
export interface MomentsState {
  readonly center: number;
  readonly count: number;
  /** Sums of w d, w d^2, w and w^2 over what was recorded; the last two of weighted values only. */
  readonly sums: readonly [ExactSumState, ExactSumState, ExactSumState, ExactSumState];
  /** Values recorded with weight 1. */
  readonly unitCount: number;
  readonly min: number;
  readonly max: number;
  readonly overflowed: boolean;
}

/** Count, mean and variance of weighted values, that merge to the bit. Null where they do not exist. */
export interface Moments {
  /** Values counted, whatever their weight. */
  readonly count: number;
  /** Sum of the weights. */
  readonly weight: number;
  /** (sum w)^2 / sum w^2: how many equally weighted values would say as much; `count` for equal weights. */
  readonly effectiveSize: number;
  readonly mean: number | null;
  /** Over n (sum of weights); null without values, infinite where a square overflows. */
  readonly populationVariance: number | null;
  /** With the effective size n: times n / (n - 1); null at n <= 1. */
  readonly variance: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /**
   * Counts one value. NaN and infinite values are not counted and give false.
   *
   * @param weight inverse probability of inclusion, finite and above 0; 1 by default.
   * @throws RangeError where the weight is not.
   */
  record(value: number, weight?: number): boolean;
  /** Counts what another one has counted. @throws RangeError where the centres differ. */
  add(other: Moments): void;
  state(): MomentsState;
}

/**
 * Makes empty moments. Every value's contribution is a double that depends on that value alone, and contributions are summed without
 * rounding, so any order, split, restart or merge gives the same bits.
 *
 * Error: the mean is right to two roundings; the variance to about 2^-53 (1 + (mean - center)^2 / variance) relative. A centre near the
 * mean (a training mean, say) therefore keeps all digits of values like 1e9 + noise.
 *
 * @param center fixed before the first value; merged moments must share it. Default 0.
 * @throws RangeError where it is not finite.
 * @example
 * const moments = createMoments();
 * for (const value of [1, 2, 3]) moments.record(value);
 * moments.mean; // 2
 */
export function createMoments(center = 0): Moments {
  if (!Number.isFinite(center)) throw new RangeError(`center is ${center}; expected a finite number`);
  return new ExactMoments(center);
}

/** Moments as they were when the state was taken. */
export function restoreMoments(state: MomentsState): Moments {
  const moments = new ExactMoments(state.center);
  moments.restore(state);
  return moments;
}

class ExactMoments implements Moments {
  readonly #center: number;
  #sum = new ExactSum();
  #squares = new ExactSum();
  #weights = new ExactSum();
  #squaredWeights = new ExactSum();
  /** Count, unit-weight count, least, greatest value: in a typed array, so that no number is boxed. */
  readonly #numbers = Float64Array.of(0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  #overflowed = false;

  constructor(center: number) {
    this.#center = center;
  }

  get count(): number {
    return this.#numbers[0]!;
  }

  get weight(): number {
    return this.#numbers[1]! + this.#weights.dividedBy(1);
  }

  get effectiveSize(): number {
    const squares = this.#numbers[1]! + this.#squaredWeights.dividedBy(1);
    return squares > 0 ? this.weight ** 2 / squares : 0;
  }

  get mean(): number | null {
    if (this.count === 0) return null;
    return this.#center + this.#meanDeviation();
  }

  get populationVariance(): number | null {
    if (this.count === 0) return null;
    if (this.#overflowed) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#perWeight(this.#squares) - this.#meanDeviation() ** 2);
  }

  get variance(): number | null {
    const [variance, size] = [this.populationVariance, this.effectiveSize];
    return variance === null || !(size > 1 + 1e-12) ? null : (variance * size) / (size - 1);
  }

  get min(): number | null {
    return this.count === 0 ? null : this.#numbers[2]!;
  }

  get max(): number | null {
    return this.count === 0 ? null : this.#numbers[3]!;
  }

  record(value: number, weight = 1): boolean {
    if (value - value !== 0) return false;
    const deviation = value - this.#center;
    const squared = deviation * deviation * weight;
    if (weight !== 1) this.#recordWeight(weight);
    else this.#numbers[1]! += 1;
    const numbers = this.#numbers;
    numbers[0]! += 1;
    if (value < numbers[2]!) numbers[2] = value;
    if (value > numbers[3]!) numbers[3] = value;
    if (squared - squared !== 0) this.#overflowed = true;
    else this.#squares.add(squared);
    this.#sum.add(weight === 1 ? deviation : deviation * weight);
    return true;
  }

  add(other: Moments): void {
    if (!(other instanceof ExactMoments && other.#center === this.#center)) {
      throw new RangeError("center of the two moments differs; only moments about one centre add up");
    }
    this.#sum.merge(other.#sum);
    this.#squares.merge(other.#squares);
    this.#weights.merge(other.#weights);
    this.#squaredWeights.merge(other.#squaredWeights);
    this.#numbers[0]! += other.#numbers[0]!;
    this.#numbers[1]! += other.#numbers[1]!;
    this.#numbers[2] = Math.min(this.#numbers[2]!, other.#numbers[2]!);
    this.#numbers[3] = Math.max(this.#numbers[3]!, other.#numbers[3]!);
    this.#overflowed ||= other.#overflowed;
  }

  state(): MomentsState {
    const [count, unitCount, min, max] = this.#numbers as unknown as [number, number, number, number];
    return {
      center: this.#center,
      count,
      sums: [this.#sum.state(), this.#squares.state(), this.#weights.state(), this.#squaredWeights.state()],
      unitCount,
      min,
      max,
      overflowed: this.#overflowed,
    };
  }

  restore({ count, unitCount, min, max, sums, overflowed }: MomentsState): void {
    this.#numbers.set([count, unitCount, min ?? Number.POSITIVE_INFINITY, max ?? Number.NEGATIVE_INFINITY]);
    const [sum, squares, weights, squaredWeights] = sums;
    this.#sum = ExactSum.restore(sum);
    this.#squares = ExactSum.restore(squares);
    this.#weights = ExactSum.restore(weights);
    this.#squaredWeights = ExactSum.restore(squaredWeights);
    this.#overflowed = overflowed;
  }

  #recordWeight(weight: number): void {
    const squared = weight * weight;
    if (!(weight > 0 && squared < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weight is ${weight}; expected a finite number above 0`);
    }
    this.#weights.add(weight);
    this.#squaredWeights.add(squared);
  }

  #meanDeviation(): number {
    return this.#perWeight(this.#sum);
  }

  /** Exact but for one rounding where all weights are 1. */
  #perWeight(sum: ExactSum): number {
    const isUnweighted = this.#numbers[0] === this.#numbers[1];
    return isUnweighted ? sum.dividedBy(this.count) : sum.dividedBy(1) / this.weight;
  }
}
