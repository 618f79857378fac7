/** Finds a value's bin among frozen boundaries. */
export interface BucketIndex {
  /** The number of boundaries below the value, 0..boundaries.length; NaN: 0. */
  find(value: number): number;
}

/** Cells a boundary; more cells shorten the scan and cost cache. */
const CELLS_PER_BOUNDARY = 8;
const MAX_CELLS = 4_096;
/** Cells that hold more boundaries than this are halved instead of scanned. */
export const MAX_SCAN = 8;
/** Boundaries left out of the grid at each end: a far tail must not widen every cell. */
const TRIMS = [0, 1, 2, 4, 8] as const;

/** An equidistant grid over boundaries; cell of a value: (value - low) * scale, cut to whole numbers from 0 to `lastCell`. */
export interface BucketGrid {
  readonly low: number;
  readonly scale: number;
  readonly lastCell: number;
  /** starts[cell]: boundaries that lie in earlier cells, all of them below every value of this cell. */
  readonly starts: Uint16Array | Uint32Array;
}

/**
 * Builds the search of a value's bin, bins being `(boundaries[i - 1], boundaries[i]]`: a value on a boundary belongs to
 * the bin below it, as OTLP has it.
 *
 * An equidistant grid over the boundaries gives the place where a short scan starts, so the cost does not depend on the
 * number of boundaries when these are spread like the data (quantiles). Cells that hold many boundaries are searched by
 * halving: at worst the cost is that of a binary search.
 *
 * @param boundaries ascending and distinct, no NaN; infinite ones are allowed. Copied.
 */
export function createBucketIndex(boundaries: Float64Array): BucketIndex {
  return new GridIndex(boundaries);
}

/** A class and not a closure, so that one compiled `find` serves all histograms of a process. */
class GridIndex implements BucketIndex {
  /** With one more that no value is above: NaN. */
  readonly #boundaries: Float64Array;
  readonly #low: number;
  readonly #scale: number;
  readonly #starts: BucketGrid["starts"];
  readonly #lastCell: number;

  constructor(boundaries: Float64Array) {
    const { low, scale, lastCell, starts } = planGrid(boundaries);
    this.#boundaries = new Float64Array(boundaries.length + 1).fill(Number.NaN);
    this.#boundaries.set(boundaries);
    this.#low = low;
    this.#scale = scale;
    this.#starts = starts;
    this.#lastCell = lastCell;
  }

  find(value: number): number {
    const boundaries = this.#boundaries;
    const position = (value - this.#low) * this.#scale;
    const cell = position > 0 ? (position < this.#lastCell ? position | 0 : this.#lastCell) : 0;
    let index = this.#starts[cell]!;
    let end = this.#starts[cell + 1]!;
    // Not a branch: on which side of its cell's one boundary a value lies cannot be predicted. Those of later cells are above it.
    if (end - index <= 1) return index + Number(boundaries[index]! < value);
    while (end - index > MAX_SCAN) {
      const middle = (index + end) >>> 1;
      if (boundaries[middle]! < value) index = middle + 1;
      else end = middle;
    }
    while (index < end && boundaries[index]! < value) index++;
    return index;
  }
}

/** The grid over some boundaries with the least expected work when every bin is equally probable. */
export function planGrid(boundaries: Float64Array): BucketGrid {
  const cells = Math.max(1, Math.min(MAX_CELLS, boundaries.length * CELLS_PER_BOUNDARY));
  const finite = boundaries.filter(Number.isFinite);
  let best: BucketGrid | undefined;
  let bestWork = Number.POSITIVE_INFINITY;
  for (const trim of TRIMS) {
    if (best !== undefined && finite.length <= 2 * trim + 2) break;
    const low = finite[trim] ?? 0;
    const width = (finite[finite.length - 1 - trim] ?? 0) - low;
    const grid = gridOver(boundaries, cells, low, width > 0 ? cells / width : 0);
    const work = expectedWork(grid.starts);
    if (work < bestWork) {
      best = grid;
      bestWork = work;
    }
  }
  return best!;
}

function gridOver(boundaries: Float64Array, cells: number, low: number, scale: number): BucketGrid {
  const starts = boundaries.length < 65_536 ? new Uint16Array(cells + 1) : new Uint32Array(cells + 1);
  for (const boundary of boundaries) {
    const position = (boundary - low) * scale;
    const cell = position > 0 ? (position < cells - 1 ? position | 0 : cells - 1) : 0;
    starts[cell + 1]! += 1;
  }
  for (let cell = 1; cell <= cells; cell++) starts[cell]! += starts[cell - 1]!;
  return { low, scale, lastCell: cells - 1, starts };
}

function expectedWork(starts: Uint16Array | Uint32Array): number {
  let work = 0;
  for (let cell = 1; cell < starts.length; cell++) work += (starts[cell]! - starts[cell - 1]!) ** 2;
  return work;
}
