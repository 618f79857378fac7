import type { Profile, ProfileField } from "@tidemark/schema";
import type { FieldCounts } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { FieldBuilder } from "./field-builder.ts";
import { readInputPlaces } from "./input-places.ts";
import { rowWeights } from "./sampling-weights.ts";
import { slotSql } from "./season-slot.ts";
import { addCell, isAbsent, valueCellSql } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/**
 * Counts of the given profile fields (features and predictions) over the prediction records of a window. Features come
 * from records that carry inputs; a feature that none of them names is left out, as nothing is known of it.
 */
export async function fieldsFromRecords(
  store: Store,
  request: WindowRequest,
  fields: readonly ProfileField[],
): Promise<FieldCounts[]> {
  const ofInputs = fields.filter(({ target }) => target === "feature");
  const features = ofInputs.length === 0 ? [] : await countInputs(store, request, ofInputs);
  const predictions = await countCells(store, request, {
    fields: fields.filter(({ target }) => target === "prediction"),
    cellOf: (field) => valueCellSql(field),
    condition: "1",
  });
  return [...features, ...predictions];
}

async function countInputs(
  store: Store,
  request: WindowRequest,
  fields: readonly ProfileField[],
): Promise<FieldCounts[]> {
  const places = await readInputPlaces(store, request);
  return countCells(store, request, {
    fields,
    cellOf: (field) => valueCellSql(field, places.placeOf(field.name)),
    condition: "notEmpty(input_names)",
    column: places.column,
  });
}

interface CountedCells {
  readonly fields: readonly ProfileField[];
  readonly cellOf: (field: ProfileField) => string;
  readonly condition: string;
  /** What the cells refer to by name. */
  readonly column?: string;
}

interface CellRow {
  readonly field: number;
  readonly slot: number;
  readonly cell: number;
  readonly probability: number;
  readonly count: number;
}

async function countCells(
  store: Store,
  request: WindowRequest,
  { fields, cellOf, condition, column }: CountedCells,
): Promise<FieldCounts[]> {
  if (fields.length === 0) return [];
  const { season } = request.profile;
  const cells = fields.map((field, index) => `(toUInt16(${index}), toInt32(${cellOf(field)}))`).join(", ");
  const rows = await store.query<CellRow>(
    `SELECT pair.1 AS field, toUInt32(slot) AS slot, pair.2 AS cell, probability, toFloat64(count()) AS count
    FROM (
      SELECT ${slotSql(season, "intDiv(toUnixTimestamp64Nano(ts), 3600000000000)")} AS slot, probability,${column === undefined ? "" : ` ${column},`}
        arrayJoin([${cells}]) AS pair
      FROM prediction FINAL WHERE ${WINDOW_CONDITION} AND ${condition}
    )
    GROUP BY field, slot, cell, probability ORDER BY field, slot, cell, probability`,
    windowParameters(request),
  );
  return fields.flatMap((field, index) => {
    const own = rows.filter((row) => row.field === index);
    return own.every((row) => isAbsent(row.cell)) ? [] : [buildField(field, own, season)];
  });
}

function buildField(field: ProfileField, rows: readonly CellRow[], season: Profile["season"]): FieldCounts {
  const weights = rowWeights(rows);
  const builder = new FieldBuilder(field);
  for (const { slot, cell, probability, count } of rows) {
    addCell(builder, field, slot, cell, count * weights.get(probability)!);
  }
  return builder.build("records", season !== null);
}
