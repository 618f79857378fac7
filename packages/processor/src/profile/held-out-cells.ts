import { poolAdjacentViolators } from "@tidemark/stats";
import { MAX_CATEGORIES, MAX_OTHER_CATEGORIES } from "./category-list.ts";

/** Parts of the reference in the order of its rows, each counted by the lists that the others give. */
const PARTS = 10;

export interface CategoryRows {
  /** By row the cell of its value, by the categories chosen from all rows; negative where there is none. */
  readonly cells: Int32Array;
  /** By row the number of its category in the order of names; negative where there is none. */
  readonly ids: Int32Array;
  /** Categories that stand alone; the cell after theirs is that of known others, the next that of unseen ones. */
  readonly named: number;
}

/**
 * Cells of reference rows as those of new rows will come out, where a column has more categories than stand alone.
 *
 * The most frequent categories of the very rows that are counted were lucky in them: of 5,000 equal ones the first 50 hold twice the
 * share in the reference that they hold in any later window; and no row of the reference is of a category that it lacks.
 * So each tenth of the rows is counted by the lists of the other nine (cross-fitting): what share the first, the second, ... category has,
 * and which rows are of an unlisted one. Of a category's rows those beyond its share, evenly over time, take the cell of the others.
 */
export function heldOutCells({ cells, ids, named }: CategoryRows): Int32Array<ArrayBuffer> {
  const distinct = ids.reduce((most, id) => Math.max(most, id + 1), 0);
  const total = countIds(ids, 0, ids.length, distinct);
  const rowsOfRank = new Float64Array(named);
  const heldOut = new Int32Array(cells.length);
  for (let part = 0; part < PARTS; part++) {
    const [from, to] = [part, part + 1].map((edge) => Math.round((edge * ids.length) / PARTS)) as [number, number];
    const here = countIds(ids, from, to, distinct);
    const list = leaders(
      total.map((count, id) => count - here[id]!),
      MAX_CATEGORIES + MAX_OTHER_CATEGORIES,
    );
    for (const [rank, id] of list.slice(0, named).entries()) rowsOfRank[rank]! += here[id]!;
    const listed = new Set(list);
    for (let row = from; row < to; row++) {
      const id = ids[row]!;
      heldOut[row] = id < 0 ? cells[row]! : listed.has(id) ? named : named + 1;
    }
  }
  const rows = countIds(cells, 0, cells.length, named);
  keepRows(heldOut, cells, { rows, kept: keptRows(rowsOfRank, rows) });
  return heldOut;
}

/**
 * Rows that each category keeps: falling by rank, as shares do, whole, with the sum that was counted, and no more than it has. What one
 * lacks the next ones keep.
 */
function keptRows(rowsOfRank: Float64Array, rows: Int32Array): number[] {
  const { fit } = poolAdjacentViolators(
    rowsOfRank.toReversed(),
    rowsOfRank.map(() => 1),
  );
  const wanted = fit.toReversed();
  const least = Array.from(wanted, (want, rank) => Math.min(want, rows[rank]!));
  const [lacking, spare] = [0, 1].map((side) =>
    least.reduce((sum, kept, rank) => sum + (side === 0 ? wanted[rank]! : rows[rank]!) - kept, 0),
  ) as [number, number];
  const more = spare === 0 ? 0 : Math.min(1, lacking / spare);
  let [sum, given] = [0, 0];
  return least.map((kept, rank) => {
    sum += kept + more * (rows[rank]! - kept);
    const whole = Math.min(rows[rank]!, Math.round(sum) - given);
    given += whole;
    return whole;
  });
}

/** Gives as many rows of each category as it keeps their own cell again, evenly over its rows. */
function keepRows(
  heldOut: Int32Array,
  cells: Int32Array,
  { rows, kept }: { readonly rows: Int32Array; readonly kept: readonly number[] },
): void {
  const seen = new Int32Array(kept.length);
  for (const [row, cell] of cells.entries()) {
    if (cell < 0 || cell >= kept.length) continue;
    const before = seen[cell]!++;
    const keptOf = (count: number) => Math.floor((count * kept[cell]!) / rows[cell]!);
    if (keptOf(before + 1) > keptOf(before)) heldOut[row] = cell;
  }
}

/** How often each of the numbers below `limit` stands in a stretch of rows. */
function countIds(ids: Int32Array, from: number, to: number, limit: number): Int32Array {
  const counts = new Int32Array(limit);
  for (let row = from; row < to; row++) if (ids[row]! >= 0 && ids[row]! < limit) counts[ids[row]!]!++;
  return counts;
}

/** The most frequent categories of at least one row, by falling count, ties in the order of names. */
function leaders(counts: Int32Array, limit: number): number[] {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const withCount = countIds(counts, 0, counts.length, most + 1);
  let [cutoff, above] = [most, 0];
  while (cutoff > 1 && above + withCount[cutoff]! < limit) above += withCount[cutoff--]!;
  const [ahead, level]: [number[], number[]] = [[], []];
  for (const [id, count] of counts.entries()) {
    if (count > cutoff) ahead.push(id);
    else if (count === cutoff && count > 0 && level.length < limit - above) level.push(id);
  }
  return [...ahead.sort((a, b) => counts[b]! - counts[a]! || a - b), ...level];
}
