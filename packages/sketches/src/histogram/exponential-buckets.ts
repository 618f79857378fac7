/** Counts of consecutive buckets: `counts[i]` belongs to the bucket with index `offset + i`. */
export interface BucketRange {
  readonly offset: number;
  readonly counts: Float64Array;
}

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

  /** How many buckets a range that also holds this index would need. */
  widthWith(index: number): number {
    return this.#last < this.#first ? 1 : Math.max(this.#last, index) - Math.min(this.#first, index) + 1;
  }

  /** Counts into a bucket; the caller has seen to it that `widthWith(index)` fits. */
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
    const { offset, counts } = this.toRange();
    this.reset();
    for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) this.add((offset + i) >> steps, counts[i]!);
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
    const moved = new Float64Array(width);
    for (let i = 0; i < width; i++) {
      const target = this.#base + i - base;
      if (target >= 0 && target < width) moved[target] = this.#counts[i]!;
    }
    this.#counts.set(moved);
    this.#base = base;
  }
}
