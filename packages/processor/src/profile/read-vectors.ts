import type { EngineSession } from "../store/engine-session.ts";
import type { BuildProfileOptions } from "./build-options.ts";
import { type DataFile, readData } from "./data-file.ts";
import { rowsInTime } from "./load-rows.ts";
import { type VectorColumn, vectorSql } from "./vector-column.ts";

/** Vectors of a reference in the order of time. */
export interface VectorRows {
  /** rows × dimension, row by row. */
  readonly values: Float32Array;
  /** Hours since 1970, by row. */
  readonly hours: Int32Array;
}

/** Which rows of the reference, in the order of time, have no vector: 1 for those. */
export interface MissingRows {
  readonly bins: Int32Array;
  readonly hours: Int32Array;
}

/** Rows that a reference is made of, at most. */
const MOST_ROWS = 40_000;
const HOUR = "toInt32(intDiv(t, 3600000000000))";

/** At most some 40,000 vectors, chosen by a hash of time and vector, so evenly over time and the same ones in any order of the file. */
export async function readVectors(
  session: EngineSession,
  file: DataFile,
  { name, dimension, rows }: VectorColumn,
  options: BuildProfileOptions,
): Promise<VectorRows> {
  const every = Math.ceil(rows / MOST_ROWS);
  const source = rowsInTime(file, `sipHash64(tuple(t, v)) AS tie, ${vectorSql(name)} AS v`, options);
  const bytes = await readData(
    session,
    file.path,
    `SELECT ${HOUR}, v FROM ${source} WHERE notEmpty(v) AND tie % ${every} = 0 ORDER BY t, tie`,
    "RowBinary",
  );
  return unpack(bytes, dimension);
}

/** Only where some are missing. */
export async function readMissing(
  session: EngineSession,
  file: DataFile,
  { name }: VectorColumn,
  options: BuildProfileOptions,
): Promise<MissingRows> {
  const source = rowsInTime(file, `${vectorSql(name)} AS v`, options);
  const bytes = await readData(
    session,
    file.path,
    `SELECT ${HOUR}, toInt32(empty(v)) FROM ${source} ORDER BY t, sipHash64(tuple(t, v))`,
    "RowBinary",
  );
  const table = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const rows = table.length / 2;
  return {
    hours: Int32Array.from({ length: rows }, (_, row) => table[2 * row]!),
    bins: Int32Array.from({ length: rows }, (_, row) => table[2 * row + 1]!),
  };
}

/** Rows of an hour, the number of elements in LEB128, and the elements: all of one size. */
function unpack(bytes: Uint8Array, dimension: number): VectorRows {
  const size = 4 * dimension;
  const lengthBytes = dimension < 0x80 ? 1 : 2;
  const stride = 4 + lengthBytes + size;
  const rows = bytes.byteLength / stride;
  if (!Number.isInteger(rows)) throw new Error(`${bytes.byteLength} bytes are no rows of ${stride}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hours = new Int32Array(rows);
  const values = new Float32Array(rows * dimension);
  const target = new Uint8Array(values.buffer);
  for (let row = 0; row < rows; row++) {
    const from = row * stride;
    hours[row] = view.getInt32(from, true);
    target.set(bytes.subarray(from + 4 + lengthBytes, from + stride), row * size);
  }
  return { values, hours };
}
