import { type Season, slotSql } from "../aggregate/season-slot.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { type DataFile, readData } from "./data-file.ts";
import { type FieldShape, shapeCellSql } from "./field-shape.ts";
import { heldOutCells } from "./held-out-cells.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";

/** Every row of the reference in the order of time: its hour, its season slot, and by field the cell of its value. */
export interface RowCells {
  readonly rows: number;
  /** Hours since 1970. */
  readonly hours: Int32Array;
  readonly slots: Int32Array;
  readonly cells: readonly Int32Array[];
}

/** Reads the cells as plain 32-bit integers, 4 bytes a value; those of many categories as new rows' would come out (`heldOutCells`). */
export async function readRowCells(
  session: EngineSession,
  file: DataFile,
  shapes: readonly FieldShape[],
  season: Season,
): Promise<RowCells> {
  const slot = `toInt32(${slotSql(season, "intDiv(t, 3600000000000)")})`;
  const columns = [
    "toInt32(intDiv(t, 3600000000000))",
    slot,
    ...shapes.map(shapeCellSql).map((cell) => `toInt32(${cell})`),
  ];
  const bytes = await readData(
    session,
    file.path,
    `SELECT ${columns.join(", ")} FROM ${ROWS} ORDER BY t, tie`,
    "RowBinary",
  );
  const table = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const rows = table.length / columns.length;
  if (!Number.isInteger(rows)) throw new Error(`${table.length} cells do not fill rows of ${columns.length}`);
  const [hours, slots, ...cells] = columns.map((_sql, column) => {
    const values = new Int32Array(rows);
    for (let row = 0; row < rows; row++) values[row] = table[row * columns.length + column]!;
    return values;
  });
  for (const [index, shape] of shapes.entries()) {
    if (shape.kind === "numeric" || shape.otherCategories.length === 0) continue;
    const ids = await readCategoryIds(session, file, index);
    cells[index] = heldOutCells({ cells: cells[index]!, ids, named: shape.categories.length });
  }
  return { rows, hours: hours!, slots: slots!, cells };
}

/** By row in the order of time the number of its category in the order of names; -1 without a valid value. */
async function readCategoryIds(session: EngineSession, file: DataFile, index: number): Promise<Int32Array> {
  const bytes = await readData(
    session,
    file.path,
    `SELECT toInt32(if(s = ${ROW_STATE.valid}, id, -1)) FROM (SELECT t, tie, s${index} AS s, toInt32(dense_rank() OVER (ORDER BY f${index})) AS id FROM ${ROWS}) ORDER BY t, tie`,
    "RowBinary",
  );
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
