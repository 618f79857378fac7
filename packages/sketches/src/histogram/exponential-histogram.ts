import { type BucketRange, ExponentialBuckets } from "./exponential-buckets.ts";

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
  /** Sum of the values, by plain addition in the order of recording. */
  readonly sum: number;
}

/** An exponential histogram that is recorded into. */
export interface ExponentialHistogram extends ExponentialCounts {
  /** Counts one value; infinite ones and NaN are not counted. Returns whether it was. */
  record(value: number): boolean;
  /** Counts what another one has counted. */
  add(other: ExponentialCounts): void;
  reset(): void;
}

const MAX_SCALE = 20;
const MIN_NORMAL = 2 ** -1022;
const FRACTION_BITS_HIGH = 20;
const EXPONENT_BIAS = 1023;

/**
 * Makes an empty base-2 exponential histogram (OpenTelemetry data model, "ExponentialHistogram"): the resolution starts
 * at the finest and is halved as often as values need to fit into `maxBuckets` buckets of each sign. The relative error
 * of a quantile is at most base - 1; 160 buckets over a factor of 10^6 give 9 %.
 *
 * Bucket counts are the same for every order of recording. Recording takes one logarithm and allocates nothing, but for
 * the few times at which the resolution or the window changes. Subnormal numbers count as the smallest normal one.
 *
 * @param maxBuckets of each sign, 2 or more
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
  readonly #maxBuckets: number;
  readonly #positive: ExponentialBuckets;
  readonly #negative: ExponentialBuckets;
  #scale = MAX_SCALE;
  /** In typed arrays, so that no number is boxed: the sum; count and zero count. */
  readonly #sum = new Float64Array(1);
  readonly #counts = new Float64Array(2);

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets;
    this.#positive = new ExponentialBuckets(maxBuckets);
    this.#negative = new ExponentialBuckets(maxBuckets);
  }

  get scale(): number {
    return this.#scale;
  }

  get zeroCount(): number {
    return this.#counts[1]!;
  }

  get count(): number {
    return this.#counts[0]!;
  }

  get sum(): number {
    return this.#sum[0]!;
  }

  get positive(): BucketRange {
    return this.#positive.toRange();
  }

  get negative(): BucketRange {
    return this.#negative.toRange();
  }

  record(value: number): boolean {
    if (value - value !== 0) return false;
    this.#counts[0]! += 1;
    this.#sum[0]! += value;
    if (value === 0) this.#counts[1]! += 1;
    else if (value > 0) this.#count(this.#positive, value);
    else this.#count(this.#negative, -value);
    return true;
  }

  add(other: ExponentialCounts): void {
    // Read first: `other` may be this histogram's own live view.
    const { scale, zeroCount, positive, negative, count, sum } = other;
    if (scale < this.#scale) this.#downscale(this.#scale - scale);
    this.#addRange(this.#positive, positive, scale);
    this.#addRange(this.#negative, negative, scale);
    this.#counts[0]! += count;
    this.#counts[1]! += zeroCount;
    this.#sum[0]! += sum;
  }

  reset(): void {
    this.#positive.reset();
    this.#negative.reset();
    this.#scale = MAX_SCALE;
    this.#sum[0] = 0;
    this.#counts.fill(0);
  }

  #count(buckets: ExponentialBuckets, magnitude: number): void {
    const index = bucketIndex(magnitude, this.#scale);
    const steps = this.#stepsToFit(buckets, index);
    if (steps > 0) this.#downscale(steps);
    buckets.add(index >> steps, 1);
  }

  #addRange(buckets: ExponentialBuckets, { offset, counts }: BucketRange, scale: number): void {
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const index = (offset + i) >> (scale - this.#scale);
      const steps = this.#stepsToFit(buckets, index);
      if (steps > 0) this.#downscale(steps);
      buckets.add(index >> steps, counts[i]!);
    }
  }

  /** By how much the scale must fall so that the buckets, this one among them, fit. */
  #stepsToFit(buckets: ExponentialBuckets, index: number): number {
    if (buckets.widthWith(index) <= this.#maxBuckets) return 0;
    const { offset, counts } = buckets.toRange();
    let low = Math.min(offset, index);
    let high = Math.max(offset + counts.length - 1, index);
    let steps = 0;
    while (high - low + 1 > this.#maxBuckets) {
      low >>= 1;
      high >>= 1;
      steps++;
    }
    return steps;
  }

  #downscale(steps: number): void {
    this.#positive.downscale(steps);
    this.#negative.downscale(steps);
    this.#scale -= steps;
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** Index of the bucket (base^index, base^(index+1)] that holds a positive finite magnitude. */
function bucketIndex(magnitude: number, scale: number): number {
  const value = Math.max(magnitude, MIN_NORMAL);
  bits.setFloat64(0, value);
  const high = bits.getUint32(0);
  const exponent = (high >>> FRACTION_BITS_HIGH) - EXPONENT_BIAS;
  const isPowerOfTwo = (high & 0xfffff) === 0 && bits.getUint32(4) === 0;
  // Exact where a logarithm would be off by a rounding error; a bucket's upper edge belongs to it.
  if (isPowerOfTwo) return scale >= 0 ? exponent * 2 ** scale - 1 : (exponent - 1) >> -scale;
  if (scale <= 0) return exponent >> -scale;
  const lowest = exponent * 2 ** scale;
  const index = Math.ceil(Math.log(value) * (2 ** scale / Math.LN2)) - 1;
  return Math.min(Math.max(index, lowest), lowest + 2 ** scale - 1);
}
