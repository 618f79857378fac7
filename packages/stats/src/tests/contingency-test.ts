import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import { type DivergenceKind, powerDivergence } from "./power-divergence.ts";

export interface ContingencyOptions {
  /** Pearson's chi-square by default; `log-likelihood` is the G test. */
  readonly statistic?: DivergenceKind;
  /** Yates' continuity correction, for 2 x 2 tables only. Default false: it makes the test conservative. */
  readonly correction?: boolean;
}

export interface ContingencyResult {
  readonly statistic: number;
  readonly pValue: number;
  readonly degreesOfFreedom: number;
  /** Expected counts under independence, of the table's shape. */
  readonly expected: readonly (readonly number[])[];
}

/**
 * Test of independence in a table of counts (chi-square, G and their relatives); trustworthy from about 5 expected rows a cell.
 *
 * @param table rows of equal length with counts of at least 0; no row and no column may be empty.
 * @returns with one row or one column: statistic 0, p-value 1, no degree of freedom.
 * @throws RangeError naming what is wrong with the table: its shape, a negative count, or an empty row or column.
 * Source: N. Cressie, T. R. C. Read, JRSS B 46 (1984), doi:10.1111/j.2517-6161.1984.tb01318.x.
 * @example contingencyTest([[8, 2], [1, 5]]) // statistic 6.112, pValue 0.0134, degreesOfFreedom 1
 */
export function contingencyTest(
  table: readonly (readonly number[])[],
  { statistic: kind = "pearson", correction = false }: ContingencyOptions = {},
): ContingencyResult {
  const expected = expectedCounts(table);
  const degreesOfFreedom = (table.length - 1) * (table[0]!.length - 1);
  if (degreesOfFreedom === 0) return { statistic: 0, pValue: 1, degreesOfFreedom, expected };
  const expectedCells = expected.flat();
  const observed = table.flat();
  const cells =
    correction && degreesOfFreedom === 1 ? observed.map((count, i) => towards(count, expectedCells[i]!)) : observed;
  const statistic = powerDivergence(cells, expectedCells, kind);
  return { statistic, pValue: chiSquareUpperTail(statistic, degreesOfFreedom), degreesOfFreedom, expected };
}

/** `count` moved towards `expected` by at most 1/2. */
function towards(count: number, expected: number): number {
  const distance = expected - count;
  return count + Math.sign(distance) * Math.min(0.5, Math.abs(distance));
}

function expectedCounts(table: readonly (readonly number[])[]): number[][] {
  const width = table[0]?.length ?? 0;
  if (width === 0) throw new RangeError("table is empty; expected rows of counts");
  table.forEach((row, i) => {
    if (row.length !== width) throw new RangeError(`table[${i}] has ${row.length} columns; expected ${width}`);
    for (const count of row) {
      if (!(count >= 0 && Number.isFinite(count))) throw new RangeError(`table[${i}] holds ${count}; expected counts`);
    }
  });
  const rowSums = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columnSums = table[0]!.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  const emptyRow = rowSums.indexOf(0);
  if (emptyRow >= 0) throw new RangeError(`table[${emptyRow}] is all 0; leave the row out`);
  const emptyColumn = columnSums.indexOf(0);
  if (emptyColumn >= 0) throw new RangeError(`column ${emptyColumn} of table is all 0; leave it out`);
  const total = rowSums.reduce((sum, count) => sum + count, 0);
  if (!Number.isFinite(total)) throw new RangeError(`table sums to ${total}; expected a finite number of rows`);
  return rowSums.map((row) => columnSums.map((column) => (row / total) * column));
}
