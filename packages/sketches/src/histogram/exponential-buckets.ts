import { exponentialBucketIndex, MAX_SCALE, type OctaveTable, octaveTable } from "./exponential-bucket-index.ts";

/** Counts of consecutive buckets: `counts[i]` belongs to the bucket with index `offset + i`. */
export interface BucketRange {
  readonly offset: number;
  readonly counts: Float64Array;
}

/** The buckets of positive values, or those of negative ones by their magnitudes. */
export const POSITIVE = 0;
export const NEGATIVE = 1;
const SIGNS = [POSITIVE, NEGATIVE] as const;

/** Where the numbers of a sign's window are kept: three a sign. */
const PER_SIGN = 3;
/** Index of the first bucket in use, how many there are from it to the last (0: none), and where the first one's count is. */
const FIRST = 0;
const LENGTH = 1;
const PLACE = 2;

/**
 * The buckets of both signs at one scale: for each sign a window of fixed width over bucket indexes that moves to where values are, and
 * a scale that falls until they fit. Flat arrays, so that counting a value follows few pointers and branches on no sign.
 */
export class ExponentialBuckets {
  readonly #width: number;
  /** The window of the positive buckets, then that of the negative ones. */
  readonly #counts: Float64Array;
  readonly #used = new Int32Array(2 * PER_SIGN);
  #scale = MAX_SCALE;
  #table: OctaveTable | null = null;

  constructor(width: number) {
    this.#width = width;
    this.#counts = new Float64Array(2 * width);
  }

  get scale(): number {
    return this.#scale;
  }

  /** Values counted. */
  get total(): number {
    const counts = this.#counts;
    let sum = 0;
    for (let at = 0; at < counts.length; at++) sum += counts[at]!;
    return sum;
  }

  /** @param value finite and not 0. */
  record(value: number): void {
    const index = exponentialBucketIndex(value, this.#scale, this.#table);
    // Not a branch: signs of data cannot be predicted.
    const own = PER_SIGN * Number(value < 0);
    const at = index - this.#used[own + FIRST]!;
    if (at >>> 0 < this.#used[own + LENGTH]!) this.#counts[this.#used[own + PLACE]! + at]! += 1;
    else this.#widen(own / PER_SIGN, index);
  }

  /** Adds the counts of another one. */
  addAll(other: ExponentialBuckets): void {
    for (const sign of SIGNS) {
      const own = PER_SIGN * sign;
      const [place, length] = [other.#used[own + PLACE]!, other.#used[own + LENGTH]!];
      if (length > 0) this.#addConsecutive(sign, other.#used[own + FIRST]!, other.#scale, other.#counts, place, length);
    }
  }

  /** Adds counts of one sign's buckets at a finer or coarser scale. */
  addRange(sign: number, { offset, counts }: BucketRange, scale: number): void {
    // Without the empty buckets at both ends, which other writers may send.
    let from = 0;
    let end = counts.length;
    while (from < end && counts[from] === 0) from += 1;
    while (end > from && counts[end - 1] === 0) end -= 1;
    if (from < end) this.#addConsecutive(sign, offset + from, scale, counts, from, end - from);
  }

  /** What is counted of a sign: a copy. */
  toRange(sign: number): BucketRange {
    const own = PER_SIGN * sign;
    const place = this.#used[own + PLACE]!;
    return { offset: this.#used[own + FIRST]!, counts: this.#counts.slice(place, place + this.#used[own + LENGTH]!) };
  }

  reset(): void {
    this.#counts.fill(0);
    this.#used.fill(0);
    this.#setScale(MAX_SCALE);
  }

  /** Counts one value into a bucket beyond those in use. */
  #widen(sign: number, index: number): void {
    const shift = this.#use(sign, index, index, this.#scale);
    this.#counts[this.#placeOfZero(sign) + (index >> shift)]! += 1;
  }

  /** Adds `length` counts from `from` on, of consecutive buckets from `first` on at some scale; the outer ones are not 0. */
  #addConsecutive(
    sign: number,
    first: number,
    scale: number,
    counts: Float64Array,
    from: number,
    length: number,
  ): void {
    const shift = this.#use(sign, first, first + length - 1, scale);
    const own = this.#counts;
    const place = this.#placeOfZero(sign);
    for (let i = 0; i < length; i++) own[place + ((first + i) >> shift)]! += counts[from + i]!;
  }

  /** Where the count of bucket 0 would be: the base from which the others are found. */
  #placeOfZero(sign: number): number {
    return this.#used[PER_SIGN * sign + PLACE]! - this.#used[PER_SIGN * sign + FIRST]!;
  }

  /**
   * Takes the buckets from `low` to `high` at some scale into use, at as coarse a scale as makes them and those in use fit.
   *
   * @returns the halvings of resolution from that scale to the own one.
   */
  #use(sign: number, low: number, high: number, scale: number): number {
    if (scale < this.#scale) this.#downscale(this.#scale - scale);
    const used = this.#used;
    const own = PER_SIGN * sign;
    let shift = scale - this.#scale;
    let [first, last] = [low >> shift, high >> shift];
    if (used[own + LENGTH]! > 0) {
      first = Math.min(first, used[own + FIRST]!);
      last = Math.max(last, used[own + FIRST]! + used[own + LENGTH]! - 1);
    }
    let steps = 0;
    while ((last >> steps) - (first >> steps) >= this.#width) steps += 1;
    if (steps > 0) {
      this.#downscale(steps);
      shift += steps;
      first >>= steps;
      last >>= steps;
    }
    this.#setRange(sign, first, last - first + 1);
    return shift;
  }

  /** Widens the range in use, in the middle of its window where it would not fit otherwise. */
  #setRange(sign: number, first: number, length: number): void {
    const used = this.#used;
    const own = PER_SIGN * sign;
    const begin = sign * this.#width;
    const before = used[own + LENGTH]!;
    const from = used[own + PLACE]!;
    let place = before === 0 ? -1 : from - (used[own + FIRST]! - first);
    if (place < begin || place + length > begin + this.#width) {
      place = begin + ((this.#width - length) >> 1);
      if (before > 0) this.#move(from, before, place + used[own + FIRST]! - first);
    }
    used[own + FIRST] = first;
    used[own + LENGTH] = length;
    used[own + PLACE] = place;
  }

  /** Moves counts; what they leave behind is 0. */
  #move(from: number, length: number, to: number): void {
    this.#counts.copyWithin(to, from, from + length);
    if (to > from) this.#counts.fill(0, from, Math.min(to, from + length));
    else this.#counts.fill(0, Math.max(to + length, from), from + length);
  }

  /** Joins each 2^steps neighbours: bucket i becomes floor(i / 2^steps). */
  #downscale(steps: number): void {
    const counts = this.#counts;
    for (let own = 0; own < this.#used.length; own += PER_SIGN) {
      const first = this.#used[own + FIRST]!;
      const length = this.#used[own + LENGTH]!;
      const place = this.#used[own + PLACE]!;
      // In place: no bucket moves up.
      for (let i = 0; i < length; i++) {
        const count = counts[place + i]!;
        counts[place + i] = 0;
        counts[place + ((first + i) >> steps) - (first >> steps)]! += count;
      }
      this.#used[own + FIRST] = first >> steps;
      this.#used[own + LENGTH] = length === 0 ? 0 : ((first + length - 1) >> steps) - (first >> steps) + 1;
    }
    this.#setScale(this.#scale - steps);
  }

  #setScale(scale: number): void {
    this.#scale = scale;
    this.#table = octaveTable(scale);
  }
}
