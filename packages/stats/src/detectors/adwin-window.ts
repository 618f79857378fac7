/** Rows of buckets there is room for at first; each holds twice the values of the one before. */
const FIRST_ROWS = 24;

/**
 * ADWIN's exponential histogram: buckets of 1, 2, 4, ... values, at most `maxBuckets` of a size, older ones larger.
 *
 * Sums and sums of squared deviations lie in flat arrays, a row of `capacity` a size, in a row the oldest first. Moments of the whole
 * window are kept along, updated by each value that enters and each bucket that leaves.
 */
export class AdwinWindow {
  readonly capacity: number;
  /** Rows in use; row r holds buckets of 2^r values. */
  rows = 1;
  /** Buckets of each row. */
  counts: Uint32Array;
  /** Sum of each bucket's values. */
  totals: Float64Array;
  #squaresOfBuckets: Float64Array;
  width = 0;
  total = 0;
  /** Sum of squared deviations from the mean. */
  squares = 0;

  constructor(maxBuckets: number) {
    this.capacity = maxBuckets + 1;
    this.counts = new Uint32Array(FIRST_ROWS);
    this.totals = new Float64Array(FIRST_ROWS * this.capacity);
    this.#squaresOfBuckets = new Float64Array(FIRST_ROWS * this.capacity);
  }

  insert(value: number): void {
    this.#push(0, value, 0);
    this.width += 1;
    if (this.width > 1) {
      const gap = value - this.total / (this.width - 1);
      this.squares += ((this.width - 1) * gap * gap) / this.width;
    }
    this.total += value;
    if (this.counts[0]! === this.capacity) this.#compress();
  }

  dropOldest(): void {
    const last = this.rows - 1;
    const at = last * this.capacity;
    const total = this.totals[at]!;
    const squares = this.#squaresOfBuckets[at]!;
    const size = 2 ** last;
    this.width -= size;
    this.total -= total;
    const gap = total / size - this.total / this.width;
    this.squares -= squares + (size * this.width * gap * gap) / (size + this.width);
    this.#dropFirst(last, 1);
    if (this.counts[last] === 0 && last > 0) this.rows -= 1;
  }

  #push(row: number, total: number, squares: number): void {
    if (row === this.counts.length) this.#grow();
    if (row === this.rows) this.rows += 1;
    const at = row * this.capacity + this.counts[row]!;
    this.totals[at] = total;
    this.#squaresOfBuckets[at] = squares;
    this.counts[row]! += 1;
  }

  #dropFirst(row: number, dropped: number): void {
    const start = row * this.capacity;
    const left = this.counts[row]! - dropped;
    for (let i = 0; i < left; i++) {
      this.totals[start + i] = this.totals[start + i + dropped]!;
      this.#squaresOfBuckets[start + i] = this.#squaresOfBuckets[start + i + dropped]!;
    }
    this.counts[row] = left;
  }

  /** Merges the two oldest buckets of a row that has one too many into one of the next row. */
  #compress(): void {
    for (let row = 0; this.counts[row]! === this.capacity; row++) {
      const at = row * this.capacity;
      const [older, newer] = [this.totals[at]!, this.totals[at + 1]!];
      const squares = this.#squaresOfBuckets[at]! + this.#squaresOfBuckets[at + 1]!;
      const size = 2 ** row;
      const gap = older / size - newer / size;
      this.#dropFirst(row, 2);
      this.#push(row + 1, older + newer, squares + (size * size * gap * gap) / (size + size));
    }
  }

  #grow(): void {
    const rows = 2 * this.counts.length;
    const [counts, totals, squares] = [this.counts, this.totals, this.#squaresOfBuckets];
    this.counts = new Uint32Array(rows);
    this.counts.set(counts);
    this.totals = new Float64Array(rows * this.capacity);
    this.totals.set(totals);
    this.#squaresOfBuckets = new Float64Array(rows * this.capacity);
    this.#squaresOfBuckets.set(squares);
  }
}
