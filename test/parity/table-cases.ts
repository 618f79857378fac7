import path from "node:path";
import type { FixtureCase } from "./fixture-file.ts";

type Json = Readonly<Record<string, unknown>>;

/** What a reproduction of a table is told of it, beside the row. */
export interface TableInput {
  /** The folder of the fixtures; the data sets lie beside it. */
  readonly folder: string;
  readonly settings: Json;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Which row this case is. */
  readonly index: number;
}

/** Tables' functions are named after their file: `table nannyml_car_loan_cbpe`. */
export const TABLE = "table ";

/** Names, values, lines and alerts; NannyML's sampling errors and the bounds that it makes of them are its own. */
const COMPARED = /^(chunk_key|column_name|rank|.*_(value|upper_threshold|lower_threshold|alert))$/;

/**
 * A table of a whole run (columns, and a row a chunk) as one case a row: expected is the row by column. To compare one, add its name to a
 * group in reproduce/; `entry.input` is a TableInput. A file with neither cases nor rows is one case that expects the file itself.
 */
export function tableCases(file: string, content: Json): FixtureCase[] {
  const fn = TABLE + path.basename(file, ".json");
  const folder = path.dirname(file);
  const { columns, rows, settings = {} } = content as { columns?: string[]; rows?: unknown[][]; settings?: Json };
  if (columns === undefined || rows === undefined) {
    return [{ id: "all", fn, args: {}, input: { folder }, expected: content }];
  }
  return rows.map((row, index) => ({
    id: `row ${index} ${String(row[0])}`,
    fn,
    args: {},
    input: { folder, settings, columns, rows, index } satisfies TableInput,
    expected: Object.fromEntries(columns.flatMap((column, i) => (COMPARED.test(column) ? [[column, row[i]]] : []))),
  }));
}
