import type { ProfileField } from "@tidemark/schema";
import type { FieldCounts } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { type CellCounts, cellsOf, readCellCounts } from "./cell-counts.ts";
import { FieldBuilder } from "./field-builder.ts";
import { readInputPlaces } from "./input-places.ts";
import { rowWeights } from "./sampling-weights.ts";
import { addCell, isAbsent, valueCellSql } from "./value-cell.ts";
import type { WindowRequest } from "./window-request.ts";

/**
 * Counts of the given profile fields (features and predictions) over the prediction records of a window. Features come
 * from records that carry inputs; a feature that none of them names is left out, as nothing is known of it.
 */
export async function fieldsFromRecords(
  store: Store,
  request: WindowRequest,
  fields: readonly ProfileField[],
): Promise<FieldCounts[]> {
  const features = fields.filter(({ target }) => target === "feature");
  const predictions = fields.filter(({ target }) => target === "prediction");
  const hasSeason = request.profile.season !== null;
  return [
    ...buildFields(features, await countInputs(store, request, features), hasSeason),
    ...buildFields(predictions, await countPredictions(store, request, predictions), hasSeason),
  ];
}

/** Records with the usual inputs are read by place; the others, if there are any, are searched for each name. */
async function countInputs(
  store: Store,
  request: WindowRequest,
  fields: readonly ProfileField[],
): Promise<CellCounts[]> {
  const places = fields.length === 0 ? null : await readInputPlaces(store, request);
  if (places === null) return [];
  const counts = await readCellCounts(store, request, {
    fields,
    cellOf: (field) => valueCellSql(field, places.placeOf(field.name)),
    condition: CARRIES_INPUTS,
    isMeant: places.isUsual,
  });
  const usual = counts.filter(({ isMeant }) => isMeant);
  if (usual.length === counts.length) return usual;
  const condition = `${CARRIES_INPUTS} AND NOT (${places.isUsual})`;
  return [...usual, ...(await readCellCounts(store, request, { fields, cellOf: valueCellSql, condition }))];
}

const CARRIES_INPUTS = "notEmpty(input_names)";

async function countPredictions(
  store: Store,
  request: WindowRequest,
  fields: readonly ProfileField[],
): Promise<CellCounts[]> {
  return fields.length === 0 ? [] : readCellCounts(store, request, { fields, cellOf: valueCellSql, condition: "1" });
}

interface CellRow {
  readonly slot: number;
  readonly cell: number;
  readonly probability: number;
  readonly count: number;
}

function buildFields(
  fields: readonly ProfileField[],
  counts: readonly CellCounts[],
  hasSeason: boolean,
): FieldCounts[] {
  return fields.flatMap((field, index) => {
    const rows = cellRows(field, index, counts);
    return rows.every(({ cell }) => isAbsent(cell)) ? [] : [buildField(field, rows, hasSeason)];
  });
}

/** What was counted of a field by slot, cell and probability, rising: floating-point sums depend on the order. */
function cellRows(field: ProfileField, index: number, counts: readonly CellCounts[]): CellRow[] {
  const cells = cellsOf(field);
  const bySlot = Map.groupBy(counts, ({ slot }) => slot);
  return [...bySlot.keys()]
    .sort((a, b) => a - b)
    .flatMap((slot) => {
      const byProbability = Map.groupBy(bySlot.get(slot)!, ({ probability }) => probability);
      const probabilities = [...byProbability.keys()].sort((a, b) => a - b);
      return cells.flatMap((cell, place) =>
        probabilities.flatMap((probability) => {
          const count = byProbability.get(probability)!.reduce((sum, { byField }) => sum + byField[index]![place]!, 0);
          return count === 0 ? [] : [{ slot, cell, probability, count }];
        }),
      );
    });
}

function buildField(field: ProfileField, rows: readonly CellRow[], hasSeason: boolean): FieldCounts {
  const weights = rowWeights(rows);
  const builder = new FieldBuilder(field);
  for (const { slot, cell, probability, count } of rows) {
    addCell(builder, field, slot, cell, count * weights.get(probability)!);
  }
  return builder.build("records", hasSeason);
}
