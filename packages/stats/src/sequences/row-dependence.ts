/** Sums of one stretch of consecutive values, such as a window's losses. */
export interface ValueStretch {
  /** Values, weighted ones as their effective number; above 0. */
  readonly count: number;
  readonly mean: number;
  /** Mean of the squared values. */
  readonly meanSquare: number;
}

/** Differences of neighbours below which a length says nothing. */
const MIN_DIFFERENCES = 8;
const LEVELS = 8;

/**
 * How many values in a row count as one independent value, learned from the means of stretches: the variance of a stretch's
 * mean times its count, over the variance of single values; at least 1. Differences of neighbouring stretches, the largest left
 * out, so that one change of the mean does not hide itself; the largest result over stretches joined by 1, 2, 4, ..., so that dependence over several
 * counts too. Constant memory.
 */
export class RowDependence {
  #levels = Array.from({ length: LEVELS }, () => new NeighbourDifferences());
  #count = 0;
  #sum = 0;
  #sumOfSquares = 0;

  update({ count, mean, meanSquare }: ValueStretch): void {
    this.#count += count;
    this.#sum += count * mean;
    this.#sumOfSquares += count * meanSquare;
    let block: Block | null = { count, mean };
    for (const level of this.#levels) {
      if (block === null) return;
      block = level.add(block);
    }
  }

  /** Values that count as one; null before eight differences, or where the values do not vary. */
  current(): number | null {
    const variance = this.#sumOfSquares / this.#count - (this.#sum / this.#count) ** 2;
    const known = this.#levels.filter(({ differences }) => differences >= MIN_DIFFERENCES);
    if (known.length === 0 || !(variance > 0)) return null;
    return Math.max(1, ...known.map((level) => level.meanSquare() / variance));
  }

  /** The same once more, to go on from here in another way. */
  clone(): RowDependence {
    const copy = new RowDependence();
    copy.#levels = this.#levels.map((level) => level.clone());
    copy.#count = this.#count;
    copy.#sum = this.#sum;
    copy.#sumOfSquares = this.#sumOfSquares;
    return copy;
  }
}

interface Block {
  readonly count: number;
  readonly mean: number;
}

class NeighbourDifferences {
  differences = 0;
  #sum = 0;
  #largest = 0;
  #last: Block | null = null;
  #open: Block | null = null;

  /**
   * Mean of (a - b)^2 / (1 / count a + 1 / count b) without the largest: the variance of one value where values are independent.
   * Of m squared standard normal numbers the largest is about 2 ln m.
   */
  meanSquare(): number {
    return (this.#sum - this.#largest) / (this.differences - 2 * Math.log(this.differences));
  }

  clone(): NeighbourDifferences {
    const copy = new NeighbourDifferences();
    copy.differences = this.differences;
    copy.#sum = this.#sum;
    copy.#largest = this.#largest;
    copy.#last = this.#last;
    copy.#open = this.#open;
    return copy;
  }

  /** Returns the joined block of the next level once it is whole. */
  add(block: Block): Block | null {
    if (this.#last !== null) {
      const square = (block.mean - this.#last.mean) ** 2 / (1 / block.count + 1 / this.#last.count);
      this.#sum += square;
      this.#largest = Math.max(this.#largest, square);
      this.differences += 1;
    }
    this.#last = block;
    if (this.#open === null) {
      this.#open = block;
      return null;
    }
    const count = this.#open.count + block.count;
    const mean = (this.#open.count * this.#open.mean + block.count * block.mean) / count;
    this.#open = null;
    return { count, mean };
  }
}
