import type { ErrorEstimation, Profile } from "@tidemark/schema";
import { fineFeatureCodes, sampleRows } from "@tidemark/signals";
import { byErrorTarget, type ErrorMetrics, type ErrorModel, fitErrors } from "@tidemark/stats";
import { cellCodes } from "../aggregate/cell-codes.ts";
import type { EngineSession } from "../store/engine-session.ts";
import type { FieldColumn } from "./build-options.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS } from "./load-rows.ts";
import { packBytes, packDoubles, packFloats, packShorts } from "./pack-values.ts";
import type { RowCells } from "./row-cells.ts";

/** Rows with prediction and outcome below which nothing is estimated. */
const MIN_ROWS = 300;
/** Codes that the models are fitted on at most, and rows: about ten seconds. */
const MAX_CODES = 600_000;
const MAX_ROWS = 100_000;

/**
 * What estimating the errors of a model that predicts quantities needs of the reference: fitted models of the error, their own record,
 * and a sample of the rows. Null for other models, and where fewer than 300 rows have both a predicted and a true value.
 *
 * @param cells the same rows in the same order.
 * Cost: 8 s of CPU for 60,000 rows of seven features, the most that is fitted.
 */
export async function referenceErrorEstimation(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  profile: Pick<Profile, "model" | "fields">,
  cells: RowCells,
): Promise<ErrorEstimation | null> {
  const used = await readPredicted(session, file, columns, profile);
  if (used === null || used.length < MIN_ROWS) return null;
  const features = profile.fields.flatMap((field, index) => {
    if (field.target !== "feature") return [];
    const codes = fineFeatureCodes(field);
    return [{ ...codes, name: field.name, own: cellCodes(codes, cells.cells[index]!) }];
  });
  const most = Math.min(MAX_ROWS, Math.floor(MAX_CODES / (features.length + 1)));
  const fittedRows = evenly(used, most);
  const errors = Float64Array.from(fittedRows, ({ value, outcome }) => value - outcome);
  const fitted = fitErrors(
    features,
    {
      codes: fittedRows.map(({ place }) => Uint8Array.from(features, ({ own }) => own[place]!)),
      predictions: Float64Array.from(fittedRows, ({ value }) => value),
    },
    errors,
  );
  const places = evenly([...fittedRows.keys()], sampleRows(features.length));
  return {
    question: "error",
    rows: fittedRows.length,
    features: features.map(({ name }) => name),
    edges: [...fitted.edges],
    models: byErrorTarget((target) => packModel(fitted.models[target])),
    blocks: fitted.blocks.map(({ truth, estimate, variances }) => ({
      truth: orNull(truth),
      estimate: orNull(estimate),
      variances: orNull(variances),
    })),
    sample: {
      rows: places.length,
      predictions: packDoubles(places.map((i) => fittedRows[i]!.value)),
      errors: packFloats(places.map((i) => errors[i]!)),
      residuals: byErrorTarget((target) => packFloats(places.map((i) => fitted.residuals[target][i]!))),
      codes: Object.fromEntries(
        features.map(({ name, own }) => [name, packBytes(places.map((i) => own[fittedRows[i]!.place]!))]),
      ),
    },
  };
}

interface PredictedRow {
  readonly place: number;
  readonly value: number;
  readonly outcome: number;
}

/** Rows with a predicted and a true value, in the order of RowCells; null where the model or the columns do not fit. */
async function readPredicted(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  { model }: Pick<Profile, "model">,
): Promise<PredictedRow[] | null> {
  const at = (target: FieldColumn["target"]) =>
    columns.findIndex((column) => column.target === target && column.name === "value");
  const value = at("prediction");
  const outcome = at("outcome");
  const predictsValues = model.type === "regression" || model.type === "forecast";
  if (!predictsValues || value < 0 || outcome < 0) return null;
  const number = (column: number) => `if(s${column} = ${ROW_STATE.valid}, f${column}, nan)`;
  const bytes = await readData(
    session,
    file.path,
    `SELECT ${number(value)}, ${number(outcome)} FROM ${ROWS} ORDER BY t, tie`,
    "RowBinary",
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = Array.from({ length: bytes.byteLength / ROW_BYTES }, (_, place) => ({
    place,
    value: view.getFloat64(place * ROW_BYTES, true),
    outcome: view.getFloat64(place * ROW_BYTES + 8, true),
  }));
  return rows.filter((row) => !Number.isNaN(row.value) && !Number.isNaN(row.outcome));
}

/** Two doubles. */
const ROW_BYTES = 16;

function evenly<T>(items: readonly T[], most: number): T[] {
  const kept = Math.min(items.length, most);
  return Array.from({ length: kept }, (_, i) => items[Math.floor((i * items.length) / kept)]!);
}

function packModel({ ranks, trees, offset }: ErrorModel): ErrorEstimation["models"]["signed"] {
  const all = trees.trees;
  return {
    base: trees.base,
    offset,
    depth: trees.depth,
    features: packShorts(all.flatMap(({ feature }) => [...feature])),
    thresholds: packBytes(all.flatMap(({ threshold }) => [...threshold])),
    leaves: packDoubles(all.flatMap(({ leaf }) => [...leaf])),
    ranks: packBytes(ranks.flatMap((own) => [...own])),
  };
}

function orNull(values: ErrorMetrics): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}
