/** Counts of consecutive buckets: `counts[i]` belongs to the bucket with index `offset + i`. */
export interface BucketRange {
  readonly offset: number;
  readonly counts: Float64Array;
}

const NOTHING: BucketRange = { offset: 0, counts: new Float64Array(0) };

/** The buckets of one sign: a window of fixed width over bucket indexes that moves to where values are. */
export class ExponentialBuckets {
  /** counts[i]: of the bucket `#base + i`. */
  readonly #counts: Float64Array;
  #base = 0;
  /** First and last bucket that counted something; last < first where none did. */
  #first = 0;
  #last = -1;

  constructor(width: number) {
    this.#counts = new Float64Array(width);
  }

  /** Counts one value into a bucket within the range that is in use already; false where it is not. */
  increment(index: number): boolean {
    if (index < this.#first || index > this.#last) return false;
    this.#counts[index - this.#base]! += 1;
    return true;
  }

  /** By how many halvings of the resolution these buckets and those from `low` to `high` together fit. */
  stepsToFit(low: number, high: number): number {
    const isEmpty = this.#last < this.#first;
    let first = isEmpty ? low : Math.min(this.#first, low);
    let last = isEmpty ? high : Math.max(this.#last, high);
    let steps = 0;
    while (last - first + 1 > this.#counts.length) {
      first >>= 1;
      last >>= 1;
      steps++;
    }
    return steps;
  }

  /** Adds counts of buckets whose resolution is 2^shift times this one; the caller has seen to it that they fit and that both ends count. */
  addRange({ offset, counts }: BucketRange, shift: number): void {
    this.add(offset >> shift, 0);
    this.add((offset + counts.length - 1) >> shift, 0);
    const own = this.#counts;
    const base = this.#base;
    for (let i = 0; i < counts.length; i++) own[((offset + i) >> shift) - base]! += counts[i]!;
  }

  /** Counts into a bucket; the caller has seen to it that it fits. */
  add(index: number, count: number): void {
    if (this.#last < this.#first) {
      this.#base = index - (this.#counts.length >> 1);
      this.#first = index;
      this.#last = index;
    } else if (index < this.#first) this.#first = index;
    else if (index > this.#last) this.#last = index;
    if (this.#first < this.#base || this.#last >= this.#base + this.#counts.length) this.#moveWindow();
    this.#counts[index - this.#base]! += count;
  }

  /** Joins each 2^steps neighbours: bucket i becomes floor(i / 2^steps). */
  downscale(steps: number): void {
    if (this.#last < this.#first) return;
    const { offset, counts } = this.toRange();
    this.reset();
    for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) this.add((offset + i) >> steps, counts[i]!);
  }

  /** What is counted, as a view: good until the next count. */
  view(): BucketRange {
    if (this.#last < this.#first) return NOTHING;
    return {
      offset: this.#first,
      counts: this.#counts.subarray(this.#first - this.#base, this.#last - this.#base + 1),
    };
  }

  /** A copy. */
  toRange(): BucketRange {
    if (this.#last < this.#first) return { offset: 0, counts: new Float64Array(0) };
    return { offset: this.#first, counts: this.#counts.slice(this.#first - this.#base, this.#last - this.#base + 1) };
  }

  reset(): void {
    this.#counts.fill(0);
    this.#first = 0;
    this.#last = -1;
  }

  /** Puts the used range in the middle of the window; at most one bucket of it, still empty, lies outside before. */
  #moveWindow(): void {
    const width = this.#counts.length;
    const slack = (width - (this.#last - this.#first + 1)) >> 1;
    const base = this.#first - slack;
    const shift = this.#base - base;
    const counts = this.#counts;
    if (Math.abs(shift) >= width) counts.fill(0);
    else if (shift > 0) counts.copyWithin(shift, 0, width - shift).fill(0, 0, shift);
    else counts.copyWithin(0, -shift).fill(0, width + shift);
    this.#base = base;
  }
}
