import type { RepeatCurve } from "@tidemark/schema";
import type { EngineSession } from "../store/engine-session.ts";
import type { FieldColumn } from "./build-options.ts";
import { countRepeats } from "./count-repeats.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROWS } from "./load-rows.ts";
import { shuffleInstants } from "./shuffle-instants.ts";

const LEAST_ROWS = 200;
/** Whole numbers up to here are exact as doubles. */
const KEYS = 2 ** 53;

/**
 * How many of the reference's rows repeat another one's features, all of them, within stretches of 64 rows, 128 and so on. Rows of one
 * instant, and all where the reference has no times, are taken in a shuffled order that their values have no part in. Null with fewer
 * than 200 rows, or without features.
 */
export async function referenceDuplicates(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
): Promise<RepeatCurve | null> {
  const values = columns.flatMap(({ target }, index) => (target === "feature" ? [`f${index}`, `s${index}`] : []));
  if (values.length === 0) return null;
  const sql = `SELECT t, cityHash64(${values.join(", ")}) % ${KEYS} FROM ${ROWS} ORDER BY t, tie`;
  const bytes = await readData(session, file.path, sql, "RowBinary");
  const table = new BigInt64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const rows = table.length / 2;
  if (rows < LEAST_ROWS) return null;
  const order = shuffleInstants(rows, (row) => table[2 * row]!);
  return countRepeats(Float64Array.from(order, (row) => Number(table[2 * row + 1]!)));
}
