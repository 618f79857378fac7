/** Sum and sum of squared deviations of 2^row neighbouring values. */
export interface AdwinBucket {
  readonly total: number;
  readonly squares: number;
}

/** A bucket on the way from the oldest to the newest. */
export interface PlacedBucket {
  readonly bucket: AdwinBucket;
  /** Values in it. */
  readonly size: number;
}

/**
 * ADWIN's exponential histogram: buckets of 1, 2, 4, ... values, at most `maxBuckets` of a size, older ones larger.
 *
 * Moments of the whole window are kept along, updated by each value that enters and each bucket that leaves.
 */
export class AdwinWindow {
  /** Buckets by row; in a row the oldest first. */
  readonly #rows: AdwinBucket[][] = [[]];
  readonly #maxBuckets: number;
  width = 0;
  total = 0;
  /** Sum of squared deviations from the mean. */
  squares = 0;

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets;
  }

  insert(value: number): void {
    this.#rows[0]!.push({ total: value, squares: 0 });
    this.width += 1;
    if (this.width > 1) {
      const gap = value - this.total / (this.width - 1);
      this.squares += ((this.width - 1) * gap * gap) / this.width;
    }
    this.total += value;
    this.#compress();
  }

  /** Every bucket with its size, the oldest first. */
  *fromOldest(): Generator<PlacedBucket> {
    for (let row = this.#rows.length - 1; row >= 0; row--) {
      for (const bucket of this.#rows[row]!) yield { bucket, size: 2 ** row };
    }
  }

  dropOldest(): void {
    const last = this.#rows.length - 1;
    const { total, squares } = this.#rows[last]!.shift()!;
    const size = 2 ** last;
    this.width -= size;
    this.total -= total;
    const gap = total / size - this.total / this.width;
    this.squares -= squares + (size * this.width * gap * gap) / (size + this.width);
    if (this.#rows[last]!.length === 0 && last > 0) this.#rows.pop();
  }

  /** Merges the two oldest buckets of a row that has one too many into one of the next row. */
  #compress(): void {
    for (let row = 0; row < this.#rows.length; row++) {
      const buckets = this.#rows[row]!;
      if (buckets.length <= this.#maxBuckets) return;
      const [older, newer] = buckets.splice(0, 2) as [AdwinBucket, AdwinBucket];
      const size = 2 ** row;
      const gap = older.total / size - newer.total / size;
      this.#rows[row + 1] ??= [];
      this.#rows[row + 1]!.push({
        total: older.total + newer.total,
        squares: older.squares + newer.squares + (size * size * gap * gap) / (size + size),
      });
    }
  }
}
