import { join } from "node:path";
import {
  codeCount,
  encodeFeature,
  type FeatureColumn,
  learnFeatureCodes,
  linearPredictors,
  ridgeLeastSquares,
} from "@tidemark/stats";
import { datasetFile } from "../../examples/flights/src/flights/dataset-file.ts";
import { type Column, readTable } from "./read-table.ts";

/** The record of a model that predicts quantities: a labelled reference, then windows in order of time. */
export interface ValueSet {
  readonly name: string;
  readonly reference: ValueRows;
  readonly windows: readonly ValueRows[];
}

export interface ValueRows {
  readonly features: Readonly<Record<string, FeatureColumn>>;
  readonly predictions: Float64Array;
  readonly outcomes: Float64Array;
}

const CAR_PRICE_FEATURES = [
  "car_age",
  "km_driven",
  "price_new",
  "accident_count",
  "door_count",
  "fuel",
  "transmission",
];

/** The regression sets of ESTIMATION 1.9 that the folder of NannyML's data and the flights' package give. */
export function readValueSets(folder: string): ValueSet[] {
  return [carPrice(folder), flights()];
}

function carPrice(folder: string): ValueSet {
  const file = (part: string) => `file('${join(folder, `car_price_${part}.parquet`)}')`;
  const rowsOf = (table: Record<string, Column>): ValueRows => ({
    features: Object.fromEntries(CAR_PRICE_FEATURES.map((name) => [name, table[name]!])),
    predictions: Float64Array.from(table["y_pred"]!, Number),
    outcomes: Float64Array.from(table["y_true"]!, Number),
  });
  const analysis = rowsOf(
    readTable(
      `SELECT a.*, t.y_true AS y_true FROM ${file("analysis")} AS a INNER JOIN ${file("analysis_target")} AS t ON a.id = t.id ORDER BY a.id`,
    ),
  );
  const windows = Array.from({ length: 20 }, (_, k) => slice(analysis, k * 3_000, (k + 1) * 3_000));
  return { name: "car_price", reference: rowsOf(readTable(`SELECT * FROM ${file("reference")} ORDER BY id`)), windows };
}

/** Every eighth flight, minutes of delay kept in [-60, 300]; ridge model of January, reference February to 4 March, then 16 weeks. */
function flights(): ValueSet {
  const table = readTable(
    `SELECT toFloat64(toHour(time)) AS hour, toString(toDayOfWeek(time)) AS day, toFloat64(distance) AS distance, origin, destination,
      toFloat64(least(300, greatest(-60, delay))) AS minutes, toFloat64(toStartOfWeek(time, 1)) AS week,
      toFloat64(time < '2001-02-01') AS training, toFloat64(time < '2001-03-05') AS reference
    FROM (SELECT toDateTime(date, 'UTC') AS time, delay, distance, origin, destination, cityHash64(date, delay, distance, origin, destination) AS row
      FROM file('${datasetFile()}', 'Parquet')) WHERE row % 8 = 0 ORDER BY time, row`,
  );
  const count = (name: string) => table[name]!.reduce<number>((sum, value) => sum + Number(value), 0);
  const { hour, day, distance, origin, destination } = table;
  const features = { hour: hour!, day: day!, distance: distance!, origin: origin!, destination: destination! };
  const outcomes = Float64Array.from(table["minutes"]!, Number);
  const trained = count("training");
  const codes = Object.values(features).map((column) => learnFeatureCodes(column.slice(0, trained)));
  const columns = Object.values(features).map((column, j) => encodeFeature(codes[j]!, column));
  const rows = {
    codes: Array.from(outcomes, (_, i) => columns.map((column) => column[i]!)),
    sizes: codes.map(codeCount),
  };
  const model = ridgeLeastSquares({ ...rows, codes: rows.codes.slice(0, trained) }, outcomes.slice(0, trained), {
    penalty: 10,
  });
  const all = { features, predictions: linearPredictors(rows, model), outcomes };
  const start = count("reference");
  const weeks = table["week"]!;
  const starts = weeks.flatMap((week, i) => (i >= start && (i === start || weeks[i - 1] !== week) ? [i] : []));
  const windows = starts.map((from, k) => slice(all, from, starts[k + 1] ?? outcomes.length)).slice(0, 16);
  return { name: "flights_reg", reference: slice(all, trained, start), windows };
}

function slice(rows: ValueRows, from: number, to: number): ValueRows {
  return {
    features: Object.fromEntries(Object.entries(rows.features).map(([name, column]) => [name, column.slice(from, to)])),
    predictions: rows.predictions.slice(from, to),
    outcomes: rows.outcomes.slice(from, to),
  };
}
