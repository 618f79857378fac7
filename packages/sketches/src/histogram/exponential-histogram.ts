import { exponentialBucketIndex } from "./exponential-bucket-index.ts";
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

/**
 * Makes an empty base-2 exponential histogram (OpenTelemetry data model, "ExponentialHistogram"): the resolution starts
 * at the finest and is halved as often as values need to fit into `maxBuckets` buckets of each sign. The relative error
 * of a quantile is at most base - 1; 160 buckets over a factor of 10^6 give 9 %.
 *
 * Bucket counts are the same for every order of recording. Recording looks up a table (beyond 1,024 buckets an octave it takes a
 * logarithm) and allocates nothing, but for the few times at which the resolution or the window changes. Subnormal numbers
 * count as the smallest normal one.
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
  readonly #positive: ExponentialBuckets;
  readonly #negative: ExponentialBuckets;
  /** Positive, negative. */
  readonly #bySign: readonly ExponentialBuckets[];
  #scale = MAX_SCALE;
  /** In typed arrays, so that no number is boxed: the sum; count and zero count. */
  readonly #sum = new Float64Array(1);
  readonly #counts = new Float64Array(2);

  constructor(maxBuckets: number) {
    this.#positive = new ExponentialBuckets(maxBuckets);
    this.#negative = new ExponentialBuckets(maxBuckets);
    this.#bySign = [this.#positive, this.#negative];
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
    if (value === 0) {
      this.#counts[1]! += 1;
      return true;
    }
    // Not a branch: signs of data cannot be predicted.
    const buckets = this.#bySign[Number(value < 0)]!;
    const index = exponentialBucketIndex(Math.abs(value), this.#scale);
    if (!buckets.increment(index)) this.#widen(buckets, index);
    return true;
  }

  add(other: ExponentialCounts): void {
    // Read first: `other` may be this histogram itself, which then needs copies.
    const { scale, zeroCount, count, sum } = other;
    const [positive, negative] =
      other instanceof Base2Histogram && other !== this
        ? [other.#positive.view(), other.#negative.view()]
        : [other.positive, other.negative];
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

  /** Counts into a bucket beyond those in use, at a coarser scale where they would be too many. */
  #widen(buckets: ExponentialBuckets, index: number): void {
    const steps = buckets.stepsToFit(index, index);
    if (steps > 0) this.#downscale(steps);
    buckets.add(index >> steps, 1);
  }

  #addRange(buckets: ExponentialBuckets, range: BucketRange, scale: number): void {
    const used = trimmed(range);
    if (used.counts.length === 0) return;
    const shift = scale - this.#scale;
    const last = used.offset + used.counts.length - 1;
    const steps = buckets.stepsToFit(used.offset >> shift, last >> shift);
    if (steps > 0) this.#downscale(steps);
    buckets.addRange(used, shift + steps);
  }

  #downscale(steps: number): void {
    this.#positive.downscale(steps);
    this.#negative.downscale(steps);
    this.#scale -= steps;
  }
}

/** Without the empty buckets at both ends, which other writers may send. */
function trimmed({ offset, counts }: BucketRange): BucketRange {
  let first = 0;
  let end = counts.length;
  while (first < end && counts[first] === 0) first += 1;
  while (end > first && counts[end - 1] === 0) end -= 1;
  return { offset: offset + first, counts: counts.subarray(first, end) };
}
