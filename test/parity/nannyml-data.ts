import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Column, readTable } from "../../bench/estimation/read-table.ts";
import type { TableInput } from "./table-cases.ts";

export type Table = Readonly<Record<string, Column>>;

/** The two periods of a data set and their rows by chunk, as a table's settings cut them. */
export interface ChunkedData {
  readonly reference: Table;
  /** The reference's chunks, then the analysis period's: the order of the table's rows. */
  readonly chunks: readonly Table[];
  readonly referenceChunks: number;
}

interface DataSetPlan {
  /** Start of the names of its files. */
  readonly files: string;
  /** Column of the truth; null where the set has none. */
  readonly truth: string | null;
}

const SETS: Readonly<Record<string, DataSetPlan>> = {
  synthetic_car_loan: { files: "car_loan", truth: "repaid" },
  synthetic_car_loan_data_quality: { files: "car_loan_dq", truth: null },
  synthetic_car_price: { files: "car_price", truth: "y_true" },
  synthetic_multiclass: { files: "multiclass", truth: "y_true" },
  modified_california_housing: { files: "california", truth: "clf_target" },
};

/** NannyML's chunks where nothing else is said. */
const DEFAULT_CHUNKS = 10;
const periods = new Map<string, { reference: Table; analysis: Table }>();

/** Whether the data of a table lie beside its folder. */
export function hasData(input: TableInput): boolean {
  const plan = SETS[String(input.settings["dataset"])];
  return plan !== undefined && existsSync(fileOf(input, plan, "reference"));
}

/** The rows that a table was made of. Throws RangeError for a data set of another name. */
export function readChunks(input: TableInput): ChunkedData {
  const name = String(input.settings["dataset"]);
  const plan = SETS[name];
  if (plan === undefined) throw new RangeError(`the data set ${name} is not known`);
  const { reference, analysis } = periods.get(name) ?? readPeriods(input, plan);
  periods.set(name, { reference, analysis });
  const before = cut(reference, input);
  return { reference, chunks: [...before, ...cut(analysis, input)], referenceChunks: before.length };
}

function readPeriods(input: TableInput, plan: DataSetPlan): { reference: Table; analysis: Table } {
  const file = (part: string) => `file('${fileOf(input, plan, part)}')`;
  const reference = readTable(`SELECT * FROM ${file("reference")} ORDER BY id`);
  const analysis =
    plan.truth === null
      ? readTable(`SELECT * FROM ${file("analysis")} ORDER BY id`)
      : readTable(
          `SELECT a.*, t.${plan.truth} AS ${plan.truth} FROM ${file("analysis")} AS a
          LEFT JOIN ${file("analysis_target")} AS t ON a.id = t.id ORDER BY a.id`,
        );
  return { reference, analysis };
}

function fileOf({ folder }: TableInput, { files }: DataSetPlan, part: string): string {
  return join(folder, "..", "data", `${files}_${part}.parquet`);
}

function cut(table: Table, { settings }: TableInput): Table[] {
  const rows = table["timestamp"]!.length;
  if (settings["chunk_period"] === "M") {
    const months = table["timestamp"]!.map((time) => String(time).slice(0, 7));
    const starts = months.flatMap((month, i) => (i === 0 || months[i - 1] !== month ? [i] : []));
    return starts.map((start, k) => slice(table, start, starts[k + 1] ?? rows));
  }
  const size = typeof settings["chunk_size"] === "number" ? settings["chunk_size"] : Math.ceil(rows / DEFAULT_CHUNKS);
  return Array.from({ length: Math.ceil(rows / size) }, (_, k) => slice(table, k * size, (k + 1) * size));
}

function slice(table: Table, from: number, to: number): Table {
  return Object.fromEntries(Object.entries(table).map(([name, column]) => [name, column.slice(from, to)]));
}
