/** Rows of the shortest block. */
const SHORTEST = 30;
/** Blocks are at most SHORTEST * 2^(LEVELS - 1) rows: 122,880. */
const LEVELS = 13;
/** Blocks of a length below which nothing is said of their dependence. */
const MIN_BLOCKS = 30;
/** Autocorrelation of neighbouring blocks that is tolerated, beyond one standard error of its estimate. */
const TOLERATED = 0.05;

/**
 * How many rows a block must have for its mean to be nearly independent of the next one's, learned while rows come: the
 * shortest of 30, 60, 120, ... rows whose blocks, at least thirty of them, have a lag-one autocorrelation of at most
 * 0.05 + 1/sqrt(blocks). What it says of the next block rests on the rows before it alone, so that a confidence
 * sequence over the block means stays one. Constant memory.
 */
export class BlockLength {
  #levels = Array.from({ length: LEVELS }, (_, level) => new LaggedMoments(SHORTEST * 2 ** level));

  /** @param count rows of the next stretch, in order of time. @param sum of their values. */
  update(count: number, sum: number): void {
    for (const level of this.#levels) level.update(count, sum);
  }

  /** Another one that has seen the same rows. */
  copy(): BlockLength {
    const copy = new BlockLength();
    copy.#levels = this.#levels.map((level) => level.copy());
    return copy;
  }

  /** Rows that the next block should have; null while no length has shown thirty blocks that are nearly independent. */
  current(): number | null {
    const found = this.#levels.find(
      (level) => level.blocks >= MIN_BLOCKS && level.autocorrelation() <= TOLERATED + 1 / Math.sqrt(level.blocks),
    );
    return found?.rows ?? null;
  }
}

/** Running mean, variance and lag-one covariance of the means of blocks of one length. */
class LaggedMoments {
  readonly rows: number;
  blocks = 0;
  #count = 0;
  #sum = 0;
  #first = 0;
  #last = 0;
  #total = 0;
  #squares = 0;
  #products = 0;

  constructor(rows: number) {
    this.rows = rows;
  }

  update(count: number, sum: number): void {
    this.#count += count;
    this.#sum += sum;
    if (this.#count < this.rows) return;
    const mean = this.#sum / this.#count;
    if (this.blocks === 0) this.#first = mean;
    // Taken from the first mean, so that a mean far from zero leaves the digits of the spread.
    const x = mean - this.#first;
    if (this.blocks > 0) this.#products += this.#last * x;
    this.#last = x;
    this.#total += x;
    this.#squares += x * x;
    this.blocks += 1;
    this.#count = 0;
    this.#sum = 0;
  }

  copy(): LaggedMoments {
    const copy = new LaggedMoments(this.rows);
    copy.blocks = this.blocks;
    copy.#count = this.#count;
    copy.#sum = this.#sum;
    copy.#first = this.#first;
    copy.#last = this.#last;
    copy.#total = this.#total;
    copy.#squares = this.#squares;
    copy.#products = this.#products;
    return copy;
  }

  /** Of the block means so far; 0 where they do not vary. */
  autocorrelation(): number {
    const n = this.blocks;
    const mean = this.#total / n;
    const variance = this.#squares - n * mean * mean;
    if (!(variance > 0)) return 0;
    // Sum over neighbours of (x_i - m)(x_(i+1) - m); the first x is 0 by construction.
    const covariance = this.#products - mean * (2 * this.#total - this.#last) + (n - 1) * mean * mean;
    return covariance / variance;
  }
}
