import type { VarietyCurve } from "@tidemark/schema";
import type { EngineSession } from "../store/engine-session.ts";
import type { FieldColumn } from "./build-options.ts";
import { countVariety } from "./count-variety.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";
import { shuffleInstants } from "./shuffle-instants.ts";

/** Whole numbers up to here are exact as doubles. */
const KEYS = 2 ** 53;
/** Columns that are held in memory at once. */
const BATCH = 8;

/**
 * By column of a feature how various its values are in stretches of the reference (`countVariety`); null where it has too few, and for other
 * columns. Rows of one instant, and all where the reference has no times, are taken in a shuffled order.
 */
export async function referenceVariety(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
): Promise<(VarietyCurve | null)[]> {
  const curves: (VarietyCurve | null)[] = columns.map(() => null);
  const features = columns.flatMap(({ target }, index) => (target === "feature" ? [index] : []));
  for (let from = 0; from < features.length; from += BATCH) {
    const batch = features.slice(from, from + BATCH);
    const keys = batch.map(
      (index) => `if(s${index} = ${ROW_STATE.valid}, toInt64(cityHash64(f${index}) % ${KEYS}), -1)`,
    );
    const sql = `SELECT t, ${keys.join(", ")} FROM ${ROWS} ORDER BY t, tie`;
    const bytes = await readData(session, file.path, sql, "RowBinary");
    const table = new BigInt64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const width = batch.length + 1;
    const order = shuffleInstants(table.length / width, (row) => table[row * width]!);
    for (const [place, index] of batch.entries()) {
      const { codes, kinds } = codesOf(order, (row) => Number(table[row * width + place + 1]!));
      curves[index] = countVariety(codes, kinds);
    }
  }
  return curves;
}

/** Rows with a value, their keys numbered as they come. */
function codesOf(order: Int32Array, keyOf: (row: number) => number): { codes: Int32Array; kinds: number } {
  const known = new Map<number, number>();
  const codes = new Int32Array(order.length);
  let values = 0;
  for (const row of order) {
    const key = keyOf(row);
    if (key < 0) continue;
    const code = known.get(key) ?? known.size;
    known.set(key, code);
    codes[values++] = code;
  }
  return { codes: codes.subarray(0, values), kinds: known.size };
}
