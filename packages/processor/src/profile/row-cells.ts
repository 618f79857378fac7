import type { Profile } from "@tidemark/schema";
import { slotSql } from "../aggregate/season-slot.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { type DataFile, readData } from "./data-file.ts";
import { type FieldShape, shapeCellSql } from "./field-shape.ts";
import { ROWS } from "./load-rows.ts";

/** Every row of the reference in the order of time: its hour, its season slot, and by field the cell of its value. */
export interface RowCells {
  readonly rows: number;
  /** Hours since 1970. */
  readonly hours: Int32Array;
  readonly slots: Int32Array;
  readonly cells: readonly Int32Array[];
}

/** Reads the cells as plain 32-bit integers, 4 bytes a value. */
export async function readRowCells(
  session: EngineSession,
  file: DataFile,
  shapes: readonly FieldShape[],
  season: Profile["season"],
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
  return { rows, hours: hours!, slots: slots!, cells };
}
