import { type BucketRange, ExponentialBuckets, NEGATIVE, POSITIVE } from "./exponential-buckets.ts";
import { finiteSum } from "./finite-sum.ts";

/**
 * What an exponential histogram has counted. With base = 2^(2^-scale), positive bucket i holds (base^i, base^(i+1)],
 * negative bucket i the same of magnitudes: OTLP's exponential histogram point.
 */
export interface ExponentialCounts {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: BucketRange;
  readonly negative: BucketRange;
  readonly count: number;
  /** Sum of the values, by plain addition in the order of recording; finite: it stays at the largest double. */
  readonly sum: number;
}

/** An exponential histogram that is recorded into. */
export interface ExponentialHistogram extends ExponentialCounts {
  /** Counts one value; infinite ones and NaN are not counted. Returns whether it was. */
  record(value: number): boolean;
  /**
   * Counts what another one has counted.
   *
   * @throws RangeError where what comes from elsewhere is no histogram: a scale beyond -10 to 20, buckets beyond a double's exponents,
   * or a count or sum that is none.
   */
  add(other: ExponentialCounts): void;
  reset(): void;
}

const MOST_BUCKETS = 65_536;

/**
 * Makes an empty base-2 exponential histogram (OpenTelemetry data model, "ExponentialHistogram"): the resolution starts
 * at the finest and is halved as often as values need to fit into `maxBuckets` buckets of each sign. The relative error
 * of a quantile is at most base - 1; 160 buckets over a factor of 10^6 give 9 %.
 *
 * Bucket counts are the same for every order of recording. Recording looks up a table (beyond 1,024 buckets an octave it takes a
 * logarithm) and allocates nothing, but for the few times at which the resolution or the window changes. Subnormal numbers
 * count as the smallest normal one.
 *
 * @param maxBuckets of each sign, a whole number from 2 to 65,536. Default 160, OTLP's.
 * @throws RangeError where it is not.
 */
export function createExponentialHistogram(maxBuckets = 160): ExponentialHistogram {
  return new Base2Histogram(maxBuckets);
}

/** The sum of two: at the coarser scale, or a coarser one yet where the buckets need it. Neither is changed. */
export function mergeExponentialHistograms(
  left: ExponentialCounts,
  right: ExponentialCounts,
  maxBuckets = 160,
): ExponentialCounts {
  const merged = new Base2Histogram(maxBuckets);
  merged.add(left);
  merged.add(right);
  return merged;
}

class Base2Histogram implements ExponentialHistogram {
  readonly #buckets: ExponentialBuckets;
  /** Sum and number of zeros: in a typed array, so that no number is boxed. */
  readonly #numbers = new Float64Array(2);

  constructor(maxBuckets: number) {
    if (!(Number.isInteger(maxBuckets) && maxBuckets >= 2 && maxBuckets <= MOST_BUCKETS)) {
      throw new RangeError(`maxBuckets is ${maxBuckets}; expected a whole number from 2 to ${MOST_BUCKETS}`);
    }
    this.#buckets = new ExponentialBuckets(maxBuckets);
  }

  get scale(): number {
    return this.#buckets.scale;
  }

  get zeroCount(): number {
    return this.#numbers[1]!;
  }

  get count(): number {
    return this.#numbers[1]! + this.#buckets.total;
  }

  get sum(): number {
    return finiteSum(this.#numbers[0]!);
  }

  get positive(): BucketRange {
    return this.#buckets.toRange(POSITIVE);
  }

  get negative(): BucketRange {
    return this.#buckets.toRange(NEGATIVE);
  }

  record(value: number): boolean {
    if (value - value !== 0) return false;
    this.#numbers[0]! += value;
    if (value === 0) this.#numbers[1]! += 1;
    else this.#buckets.record(value);
    return true;
  }

  add(other: ExponentialCounts): void {
    const { scale, zeroCount, sum } = other;
    if (!(other instanceof Base2Histogram)) requireHistogram(other);
    if (other instanceof Base2Histogram) this.#buckets.addAll(other.#buckets);
    else {
      this.#buckets.addRange(POSITIVE, other.positive, scale);
      this.#buckets.addRange(NEGATIVE, other.negative, scale);
    }
    this.#numbers[0] = finiteSum(this.sum + sum);
    this.#numbers[1]! += zeroCount;
  }

  reset(): void {
    this.#buckets.reset();
    this.#numbers.fill(0);
  }
}

function requireHistogram({ scale, zeroCount, sum, positive, negative }: ExponentialCounts): void {
  if (!(Number.isInteger(scale) && scale >= -10 && scale <= 20)) {
    throw new RangeError(`scale is ${scale}; expected a whole number from -10 to 20`);
  }
  if (!(zeroCount >= 0 && zeroCount <= Number.MAX_SAFE_INTEGER))
    throw new RangeError(`zeroCount is ${zeroCount}; expected a count`);
  if (Number.isNaN(sum)) throw new RangeError("sum is NaN; expected a number");
  const most = 2 ** (scale + 11);
  for (const [name, { offset, counts }] of Object.entries({ positive, negative })) {
    if (!(Number.isInteger(offset) && Math.max(-offset, offset + counts.length) <= Math.max(2, most))) {
      throw new RangeError(`${name}.offset is ${offset}; no double lies in such a bucket of scale ${scale}`);
    }
    const wrong = counts.findIndex((count) => !(count >= 0 && count <= Number.MAX_SAFE_INTEGER));
    if (wrong >= 0) throw new RangeError(`${name}.counts[${wrong}] is ${counts[wrong]}; expected a count`);
  }
}
