import { MAX_SCAN, planGrid } from "./bucket-index.ts";
import { checkedBoundaries } from "./checked-boundaries.ts";

/** The boundaries of several histograms that are recorded into a row at a time; shared by all blocks of counts on them. */
export interface HistogramLayout {
  /** Each histogram's own boundaries. */
  readonly boundaries: readonly Float64Array[];
  /** Where the bins of each histogram begin in a block's `counts`, and at the end their number. */
  readonly offsets: Int32Array;
  /**
   * Finds the place in a block's `counts` of every value of a row: `bins[i]` for `row[i]`, -1 for NaN. Infinite values are
   * in the outer bins. Takes near constant time a value (see `createBucketIndex`) and allocates nothing.
   */
  locate(row: Float64Array, bins: Int32Array): void;
}

/**
 * Lays out histograms on frozen boundaries, one after the other in flat arrays: one loop over a row then reads memory in
 * order and calls nothing, which costs half of what one object a histogram does.
 *
 * @param boundaries of each histogram: ascending, distinct, no NaN; may be empty (one bin). Copied.
 * @throws RangeError where a boundary is NaN or not above the one before it.
 */
export function createHistogramLayout(boundaries: readonly ArrayLike<number>[]): HistogramLayout {
  return new FlatLayout(boundaries.map(checkedBoundaries));
}

class FlatLayout implements HistogramLayout {
  readonly boundaries: readonly Float64Array[];
  readonly offsets: Int32Array;
  /** All boundaries; those of histogram i begin at offsets[i] - i, since each has one bin more than boundaries. */
  readonly #edges: Float64Array;
  /** low and scale of each grid. */
  readonly #grids: Float64Array;
  /** Place of the first cell in `#starts` and last cell of each grid. */
  readonly #cells: Int32Array;
  /** Index into `#edges` at which the scan of a cell starts; it ends where the next cell's starts. */
  readonly #starts: Uint16Array | Uint32Array;

  constructor(boundaries: readonly Float64Array[]) {
    const grids = boundaries.map(planGrid);
    const edgeCount = boundaries.reduce((sum, { length }) => sum + length, 0);
    const startCount = grids.reduce((sum, { starts }) => sum + starts.length, 0);
    this.boundaries = boundaries;
    this.offsets = new Int32Array(boundaries.length + 1);
    // One more, so that what is read beside the last is a number.
    this.#edges = new Float64Array(edgeCount + 1);
    this.#grids = new Float64Array(2 * boundaries.length);
    this.#cells = new Int32Array(2 * boundaries.length);
    this.#starts = edgeCount < 65_536 ? new Uint16Array(startCount) : new Uint32Array(startCount);
    let edge = 0;
    let cell = 0;
    for (let index = 0; index < boundaries.length; index++) {
      const { low, scale, lastCell, starts } = grids[index]!;
      this.offsets[index + 1] = this.offsets[index]! + boundaries[index]!.length + 1;
      this.#edges.set(boundaries[index]!, edge);
      this.#grids.set([low, scale], 2 * index);
      this.#cells.set([cell, lastCell], 2 * index);
      for (let at = 0; at < starts.length; at++) this.#starts[cell + at] = edge + starts[at]!;
      edge += boundaries[index]!.length;
      cell += starts.length;
    }
  }

  locate(row: Float64Array, bins: Int32Array): void {
    const edges = this.#edges;
    const grids = this.#grids;
    const cells = this.#cells;
    const starts = this.#starts;
    for (let index = 0; index < row.length; index++) {
      const value = row[index]!;
      if (Number.isNaN(value)) {
        bins[index] = -1;
        continue;
      }
      const position = (value - grids[2 * index]!) * grids[2 * index + 1]!;
      const lastCell = cells[2 * index + 1]!;
      const cell = cells[2 * index]! + (position > 0 ? (position < lastCell ? position | 0 : lastCell) : 0);
      let at = starts[cell]!;
      let end = starts[cell + 1]!;
      if (end - at <= 1) {
        // Not a branch, as in `createBucketIndex`; beside an empty cell may lie the next histogram's edge.
        bins[index] = at + (Number(at < end) & Number(edges[at]! < value)) + index;
        continue;
      }
      while (end - at > MAX_SCAN) {
        const middle = (at + end) >>> 1;
        if (edges[middle]! < value) at = middle + 1;
        else end = middle;
      }
      while (at < end && edges[at]! < value) at++;
      bins[index] = at + index;
    }
  }
}
