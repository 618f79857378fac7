/** Pairs of so many features. */
export function pairCount(features: number): number {
  return (features * (features - 1)) / 2;
}

/**
 * Pearson's correlations of every feature with those before it: (1,0), (2,0), (2,1), ...; of normal scores these are van der Waerden's
 * rank correlations. Rows that lack either value are left out of a pair; 0 where one does not vary.
 *
 * @param rows of numbers, NaN where there is none; summed in their order, so that the same rows give the same bits.
 */
export function correlationsOf(features: number, rows: readonly Float64Array[]): Correlations {
  const sums = new PairSums(features);
  for (const row of rows) sums.add(row);
  return sums.correlations();
}

/** By pair. */
export interface Correlations {
  readonly values: Float64Array;
  /** Rows that have both values. */
  readonly rows: Float64Array;
}

/** Fisher's z of a correlation: its spread hardly depends on it. Correlations of 1 are taken for 0.9999. */
export function fisherScore(correlation: number): number {
  return Math.atanh(Math.max(-0.9999, Math.min(0.9999, correlation)));
}

/** Rows without a gap need sums by feature and products by pair; only of the others is every sum kept by pair. */
class PairSums {
  readonly #features: number;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #products: Float64Array;
  readonly #gaps: { rows: Float64Array; x: Float64Array; y: Float64Array; xx: Float64Array; yy: Float64Array };
  #whole = 0;

  constructor(features: number) {
    const pairs = pairCount(features);
    this.#features = features;
    this.#sums = new Float64Array(features);
    this.#squares = new Float64Array(features);
    this.#products = new Float64Array(pairs);
    const byPair = () => new Float64Array(pairs);
    this.#gaps = { rows: byPair(), x: byPair(), y: byPair(), xx: byPair(), yy: byPair() };
  }

  add(row: Float64Array): void {
    if (row.some(Number.isNaN)) this.#addWithGaps(row);
    else this.#addWhole(row);
  }

  correlations(): Correlations {
    const { rows, x, y, xx, yy } = this.#gaps;
    const found = new Float64Array(this.#products.length);
    let pair = 0;
    for (let i = 1; i < this.#features; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const count = this.#whole + rows[pair]!;
        const [sumX, sumY] = [this.#sums[i]! + x[pair]!, this.#sums[j]! + y[pair]!];
        const varianceX = this.#squares[i]! + xx[pair]! - sumX ** 2 / count;
        const varianceY = this.#squares[j]! + yy[pair]! - sumY ** 2 / count;
        const bound = Math.sqrt(varianceX * varianceY);
        const together = this.#products[pair]! - (sumX * sumY) / count;
        found[pair] = count > 1 && bound > 1e-9 * count ? Math.max(-1, Math.min(1, together / bound)) : 0;
      }
    }
    return { values: found, rows: rows.map((count) => count + this.#whole) };
  }

  #addWhole(row: Float64Array): void {
    this.#whole += 1;
    let pair = 0;
    for (let i = 0; i < this.#features; i++) {
      const value = row[i]!;
      this.#sums[i]! += value;
      this.#squares[i]! += value * value;
      for (let j = 0; j < i; j++, pair++) this.#products[pair]! += value * row[j]!;
    }
  }

  #addWithGaps(row: Float64Array): void {
    const { rows, x, y, xx, yy } = this.#gaps;
    let pair = 0;
    for (let i = 1; i < this.#features; i++) {
      const a = row[i]!;
      for (let j = 0; j < i; j++, pair++) {
        const b = row[j]!;
        if (Number.isNaN(a) || Number.isNaN(b)) continue;
        rows[pair]! += 1;
        x[pair]! += a;
        y[pair]! += b;
        xx[pair]! += a * a;
        yy[pair]! += b * b;
        this.#products[pair]! += a * b;
      }
    }
  }
}
