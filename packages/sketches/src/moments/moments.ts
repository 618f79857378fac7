import { addDeviations, BLOCK } from "./add-deviations.ts";
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
   * Counts one value. NaN and infinite values are not counted and give false, as do values whose weighted distance from the centre is
   * beyond a double.
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

/**
 * Moments as they were when the state was taken.
 *
 * @throws RangeError naming the member that cannot be one of theirs.
 */
export function restoreMoments(state: MomentsState): Moments {
  requireState(state);
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
  /** Values of weight 1 that wait to be summed: many at once are faster. */
  readonly #values = new Float64Array(BLOCK);
  #waiting = 0;

  constructor(center: number) {
    this.#center = center;
  }

  get count(): number {
    return this.#settled()[0]!;
  }

  get weight(): number {
    return this.#settled()[1]! + this.#weights.dividedBy(1);
  }

  get effectiveSize(): number {
    const squared = this.#settled()[1]! + this.#squaredWeights.dividedBy(1);
    return squared > 0 ? this.weight ** 2 / squared : 0;
  }

  get mean(): number | null {
    return this.count === 0 ? null : this.#center + this.#perWeight(this.#sum);
  }

  get populationVariance(): number | null {
    if (this.count === 0) return null;
    if (this.#overflowed) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#perWeight(this.#squares) - this.#perWeight(this.#sum) ** 2);
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
    if (weight !== 1) return this.#recordWeighted(value, weight);
    const deviation = value - this.#center;
    if (deviation - deviation !== 0) return false;
    this.#values[this.#waiting] = value;
    this.#waiting += 1;
    if (this.#waiting === BLOCK) this.#settled();
    return true;
  }

  add(other: Moments): void {
    if (!(other instanceof ExactMoments && other.#center === this.#center)) {
      throw new RangeError("center of the two moments differs; only moments about one centre add up");
    }
    const own = this.#settled();
    const [count, unitCount, min, max] = other.#settled() as unknown as [number, number, number, number];
    this.#sum.merge(other.#sum);
    this.#squares.merge(other.#squares);
    this.#weights.merge(other.#weights);
    this.#squaredWeights.merge(other.#squaredWeights);
    own[0]! += count;
    own[1]! += unitCount;
    own[2] = Math.min(own[2]!, min);
    own[3] = Math.max(own[3]!, max);
    this.#overflowed ||= other.#overflowed;
  }

  state(): MomentsState {
    const [count, unitCount, min, max] = this.#settled() as unknown as [number, number, number, number];
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
    const [sum, squared, weights, squaredWeights] = sums;
    this.#sum = ExactSum.restore(sum);
    this.#squares = ExactSum.restore(squared);
    this.#weights = ExactSum.restore(weights);
    this.#squaredWeights = ExactSum.restore(squaredWeights);
    this.#overflowed = overflowed;
  }

  /** Sums what waits; every reader asks for the numbers through it. */
  #settled(): Float64Array {
    const length = this.#waiting;
    if (length > 0) this.#sumWaiting(length);
    this.#waiting = 0;
    return this.#numbers;
  }

  #sumWaiting(length: number): void {
    const numbers = this.#numbers;
    const values = this.#values;
    let min = values[0]!;
    let max = min;
    for (let i = 1; i < length; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    numbers[0]! += length;
    numbers[1]! += length;
    // Plus 0: of 0 and -0 which came first does not matter.
    numbers[2] = Math.min(numbers[2]!, min + 0);
    numbers[3] = Math.max(numbers[3]!, max + 0);
    const center = this.#center;
    const largest = Math.max(Math.abs(min - center), Math.abs(max - center));
    const sums = { sum: this.#sum, squares: this.#squares };
    if (addDeviations(values, length, center, largest, sums)) return;
    for (let i = 0; i < length; i++) this.#addDeviation(values[i]! - center, 1);
  }

  #recordWeighted(value: number, weight: number): boolean {
    requireWeight(weight);
    const deviation = value - this.#center;
    const weighted = deviation * weight;
    if (weighted - weighted !== 0) return false;
    const numbers = this.#settled();
    numbers[0]! += 1;
    numbers[2] = Math.min(numbers[2]!, value + 0);
    numbers[3] = Math.max(numbers[3]!, value + 0);
    this.#weights.add(weight);
    this.#squaredWeights.add(weight * weight);
    this.#addDeviation(deviation, weight);
    return true;
  }

  #addDeviation(deviation: number, weight: number): void {
    this.#sum.add(deviation * weight);
    const square = deviation * deviation * weight;
    if (square === Number.POSITIVE_INFINITY) this.#overflowed = true;
    else this.#squares.add(square);
  }

  /** Exact but for one rounding where all weights are 1. */
  #perWeight(sum: ExactSum): number {
    const numbers = this.#settled();
    const isUnweighted = numbers[0] === numbers[1];
    return isUnweighted ? sum.dividedBy(numbers[0]!) : sum.dividedBy(1) / this.weight;
  }
}

/** JSON has turned the infinite extremes of no values into null. */
function requireState({ center, count, sums, unitCount, min, max }: MomentsState): void {
  if (!Number.isFinite(center)) throw new RangeError(`state.center is ${center}; expected a finite number`);
  if (!(Number.isSafeInteger(count) && count >= 0)) throw new RangeError(`state.count is ${count}; expected a count`);
  if (!(Number.isSafeInteger(unitCount) && unitCount >= 0 && unitCount <= count)) {
    throw new RangeError(`state.unitCount is ${unitCount}; expected a count of at most ${count}`);
  }
  if (sums.length !== 4) throw new RangeError(`state.sums has ${sums.length} entries; expected 4`);
  if (Number.isNaN(min) || Number.isNaN(max))
    throw new RangeError(`state.min and max are ${min} and ${max}; expected numbers`);
}

function requireWeight(weight: number): void {
  if (!(weight > 0 && weight * weight < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`weight is ${weight}; expected a finite number above 0`);
  }
}
