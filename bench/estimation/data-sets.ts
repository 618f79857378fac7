import { join } from "node:path";
import {
  codeCount,
  encodeFeature,
  type FeatureColumn,
  learnFeatureCodes,
  linearPredictors,
  ridgeLogistic,
  sigmoid,
} from "@tidemark/stats";
import { datasetFile } from "../../examples/flights/src/flights/dataset-file.ts";
import { type Column, readTable } from "./read-table.ts";

/** One model's record: a labelled reference, then windows in order of time. Classes in the order of `classes`. */
export interface DataSet {
  readonly name: string;
  readonly classes: readonly string[];
  readonly reference: Rows;
  readonly windows: readonly Rows[];
}

export interface Rows {
  readonly features: Readonly<Record<string, FeatureColumn>>;
  /** Probability of each class, by class; of a binary model the positive one's alone. */
  readonly scores: readonly Float64Array[];
  /** Index of the predicted and of the true class; of a binary model 1 is the positive one. */
  readonly predicted: Uint8Array;
  readonly outcomes: Uint8Array;
}

const CAR_LOAN_FEATURES = [
  "car_value",
  "salary_range",
  "debt_to_income_ratio",
  "loan_length",
  "repaid_loan_on_prev_car",
  "size_of_downpayment",
  "driver_tenure",
];
const CALIFORNIA_FEATURES = [
  "MedInc",
  "HouseAge",
  "AveRooms",
  "AveBedrms",
  "Population",
  "AveOccup",
  "Latitude",
  "Longitude",
];
const CREDIT_FEATURES = [
  "acq_channel",
  "app_behavioral_score",
  "requested_credit_limit",
  "app_channel",
  "credit_bureau_score",
  "stated_income",
  "is_customer",
];
const CARDS = ["prepaid_card", "highstreet_card", "upmarket_card"];

/** The sets of ESTIMATION 1.9 that the folder of NannyML's data and the flights' package give. */
export function readDataSets(folder: string): DataSet[] {
  return [carLoan(folder), california(folder), multiclass(folder), electricity(folder), flights()];
}

function carLoan(folder: string): DataSet {
  const [reference, analysis] = readPair(folder, { name: "car_loan", truth: "repaid", features: CAR_LOAN_FEATURES });
  return { name: "car_loan", classes: [], reference, windows: bySize(analysis, 2_500) };
}

function california(folder: string): DataSet {
  const [reference, analysis, months] = readPair(folder, {
    name: "california",
    truth: "clf_target",
    features: CALIFORNIA_FEATURES,
  });
  return { name: "california", classes: [], reference, windows: byKey(analysis, months) };
}

function multiclass(folder: string): DataSet {
  const [reference, analysis] = readPair(folder, {
    name: "multiclass",
    truth: "y_true",
    features: CREDIT_FEATURES,
    classes: CARDS,
  });
  return { name: "multiclass", classes: CARDS, reference, windows: bySize(analysis, 3_000) };
}

interface PairPlan {
  readonly name: string;
  readonly truth: string;
  readonly features: readonly string[];
  readonly classes?: readonly string[];
}

/** Reference and analysis period with targets, and the month of each row of the latter. */
function readPair(folder: string, plan: PairPlan): [Rows, Rows, Column] {
  const file = (part: string) => `file('${join(folder, `${plan.name}_${part}.parquet`)}')`;
  const reference = readTable(`SELECT * FROM ${file("reference")} ORDER BY id`);
  const analysis = readTable(
    `SELECT a.*, t.${plan.truth} AS ${plan.truth}, substring(a.timestamp, 1, 7) AS month
    FROM ${file("analysis")} AS a INNER JOIN ${file("analysis_target")} AS t ON a.id = t.id ORDER BY a.id`,
  );
  return [toRows(reference, plan), toRows(analysis, plan), analysis["month"]!];
}

function toRows(table: Record<string, Column>, { truth, features, classes }: PairPlan): Rows {
  const places = (column: Column) =>
    Uint8Array.from(column, (value) => (classes ? classes.indexOf(String(value)) : Number(value)));
  const scores = (classes ?? [null]).map((name) => (name === null ? "y_pred_proba" : `y_pred_proba_${name}`));
  return {
    features: Object.fromEntries(features.map((name) => [name, table[name]!.map(plainValue)])),
    scores: scores.map((name) => Float64Array.from(table[name]!, Number)),
    predicted: places(table["y_pred"]!),
    outcomes: places(table[truth]!),
  };
}

function plainValue(value: unknown): number | string | null {
  return typeof value === "boolean" ? String(value) : (value as number | string | null);
}

/** New South Wales electricity: a logistic model of the first 10,000 rows, the next 10,000 the reference, windows of 1,000. */
function electricity(folder: string): DataSet {
  const table = readTable(`SELECT * FROM file('${join(folder, "elec2.parquet")}')`);
  const { target, ...features } = table;
  const scored = scoreBy({ features, truth: target!.map(Number), trainingRows: 10_000 });
  return {
    name: "elec2",
    classes: [],
    reference: slice(scored, 10_000, 20_000),
    windows: bySize(slice(scored, 20_000, scored.outcomes.length), 1_000).slice(0, 25),
  };
}

/** Every eighth flight; model of January, reference February to 4 March, then whole weeks. */
function flights(): DataSet {
  const table = readTable(
    `SELECT toFloat64(toHour(time)) AS hour, toString(toDayOfWeek(time)) AS day, toFloat64(distance) AS distance, origin, destination,
      toFloat64(delay >= 15) AS late, toFloat64(toStartOfWeek(time, 1)) AS week, toFloat64(time < '2001-02-01') AS training,
      toFloat64(time < '2001-03-05') AS reference
    FROM (SELECT toDateTime(date, 'UTC') AS time, delay, distance, origin, destination, cityHash64(date, delay, distance, origin, destination) AS row
      FROM file('${datasetFile()}', 'Parquet')) WHERE row % 8 = 0 ORDER BY time, row`,
  );
  const count = (name: string) => table[name]!.reduce<number>((sum, value) => sum + Number(value), 0);
  const { hour, day, distance, origin, destination } = table;
  const features = { hour: hour!, day: day!, distance: distance!, origin: origin!, destination: destination! };
  const scored = scoreBy({ features, truth: table["late"]!.map(Number), trainingRows: count("training") });
  const start = count("reference");
  const windows = byKey(slice(scored, start, scored.outcomes.length), table["week"]!.slice(start));
  return {
    name: "flights",
    classes: [],
    reference: slice(scored, count("training"), start),
    windows: windows.slice(0, 16),
  };
}

interface ModelPlan {
  readonly features: Readonly<Record<string, Column>>;
  readonly truth: readonly number[];
  readonly trainingRows: number;
}

/** Scores of a ridge logistic model on feature codes, learnt from the first rows; it says 1 from the median score of these on. */
function scoreBy({ features, truth, trainingRows }: ModelPlan): Rows {
  const codes = Object.values(features).map((column) => learnFeatureCodes(column.slice(0, trainingRows)));
  const columns = Object.values(features).map((column, j) => encodeFeature(codes[j]!, column));
  const rows = { codes: truth.map((_, i) => columns.map((column) => column[i]!)), sizes: codes.map(codeCount) };
  const training = { ...rows, codes: rows.codes.slice(0, trainingRows) };
  const model = ridgeLogistic(training, truth.slice(0, trainingRows), { penalty: 1 });
  const scores = linearPredictors(rows, model).map(sigmoid);
  const rate = truth.slice(0, trainingRows).reduce((sum, y) => sum + y, 0) / trainingRows;
  const line = Float64Array.from(scores.subarray(0, trainingRows)).sort()[Math.floor((1 - rate) * trainingRows)]!;
  return {
    features,
    scores: [scores],
    predicted: Uint8Array.from(scores, (score) => (score >= line ? 1 : 0)),
    outcomes: Uint8Array.from(truth),
  };
}

function slice(rows: Rows, from: number, to: number): Rows {
  return {
    features: Object.fromEntries(Object.entries(rows.features).map(([name, column]) => [name, column.slice(from, to)])),
    scores: rows.scores.map((column) => column.slice(from, to)),
    predicted: rows.predicted.slice(from, to),
    outcomes: rows.outcomes.slice(from, to),
  };
}

function bySize(rows: Rows, size: number): Rows[] {
  return Array.from({ length: Math.floor(rows.outcomes.length / size) }, (_, k) =>
    slice(rows, k * size, (k + 1) * size),
  );
}

/** Runs of equal keys. */
function byKey(rows: Rows, keys: Column): Rows[] {
  const starts = keys.flatMap((key, i) => (i === 0 || keys[i - 1] !== key ? [i] : []));
  return starts.map((start, k) => slice(rows, start, starts[k + 1] ?? keys.length));
}
