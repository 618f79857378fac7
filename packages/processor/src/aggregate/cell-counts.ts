import type { ProfileField } from "@tidemark/schema";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { slotSql } from "./season-slot.ts";
import { CELL } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** How often each cell of each field was met, in one season slot and at one sampling probability. */
export interface CellCounts {
  readonly slot: number;
  readonly probability: number;
  /** Whether the rows were meant; of the others only that there are any counts. */
  readonly isMeant: boolean;
  /** By field, in the order asked for: the counts by place of the cell; see `cellsOf`. */
  readonly byField: readonly Float64Array[];
}

export interface CountedCells {
  readonly fields: readonly ProfileField[];
  /** SQL of a field's cell. */
  readonly cellOf: (field: ProfileField) => string;
  /** SQL that restricts the rows. */
  readonly condition: string;
  /** SQL of the rows that are meant, told apart in the same pass; all of them unless given. */
  readonly isMeant?: string;
}

/**
 * Counts the cells of fields over the prediction records of a window. The engine counts each field in an array by the cell's place: turning
 * every record into a row for each of its fields costs more than finding the cells.
 */
export async function readCellCounts(
  store: Store,
  request: Pick<WindowRequest, "key" | "profile" | "window">,
  { fields, cellOf, condition, isMeant = "1" }: CountedCells,
): Promise<CellCounts[]> {
  const cells = fields.map((field, index) => `${cellOf(field)} AS cell${index}`);
  const counts = fields.map((field, index) => {
    const place = placeSql(field, `cell${index}`);
    return `CAST(countResample(0, ${cellsOf(field).length}, 1)(${place}) AS Array(Float64))`;
  });
  const bytes = await store.queryRowBinary(
    `SELECT toUInt32(slot), probability, toUInt8(is_meant), ${counts.join(", ")}
    FROM (
      SELECT ${slotSql(request.profile, "intDiv(toUnixTimestamp64Nano(ts), 3600000000000)")} AS slot, probability,
        ${isMeant} AS is_meant, ${cells.join(", ")}
      FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND ${condition}
    )
    GROUP BY slot, probability, is_meant`,
    windowParameters(request),
  );
  const reader = new RowReader(bytes);
  const rows: CellCounts[] = [];
  while (!reader.done) {
    rows.push({
      slot: reader.uint32(),
      probability: reader.float64(),
      isMeant: reader.uint8() === 1,
      byField: fields.map(() => reader.float64s()),
    });
  }
  return rows;
}

/** The cells that a field's values may be in, rising, by their place. */
export function cellsOf(field: ProfileField): readonly number[] {
  const binned = Array.from({ length: binnedCount(field) }, (_, cell) => cell);
  return [...NO_BIN, ...binned, ...(hasOutside(field) ? binned.map((cell) => CELL.outside + cell) : [])];
}

/** The negative cells, rising. */
const NO_BIN: readonly number[] = Object.values(CELL)
  .filter((cell) => cell < 0)
  .sort((a, b) => a - b);

function binnedCount(field: ProfileField): number {
  return field.kind === "numeric" ? field.boundaries.length + 1 : field.categories.length + 2;
}

function hasOutside(field: ProfileField): boolean {
  return field.kind === "numeric" && (field.range.min !== null || field.range.max !== null);
}

/** Place of a cell in `cellsOf`. */
function placeSql(field: ProfileField, cell: string): string {
  const first = NO_BIN.length;
  if (!hasOutside(field)) return `${cell} + ${first}`;
  return `if(${cell} >= ${CELL.outside}, ${cell} - ${CELL.outside - binnedCount(field)}, ${cell}) + ${first}`;
}
