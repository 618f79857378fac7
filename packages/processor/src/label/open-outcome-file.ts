import type { DataFormat } from "../profile/build-options.ts";
import { findColumn } from "../profile/choose-columns.ts";
import type { DataFile } from "../profile/data-file.ts";
import { instantSql, isTimeColumn, TIME_EXPECTED } from "../profile/time-column.ts";
import { quoteName } from "../store/quote.ts";
import { openFileLines } from "./open-file-lines.ts";

export interface OutcomeFileOptions {
  /** Parquet, CSV with a header, JSON lines or Arrow. */
  readonly path: string;
  /** By the file's ending where absent. */
  readonly format?: DataFormat | undefined;
  /** Columns by what they hold; at least one of label, value and position. */
  readonly columns: {
    readonly id: string;
    readonly label?: string | undefined;
    readonly value?: string | undefined;
    readonly position?: string | undefined;
    /** When the outcome happened. */
    readonly time?: string | undefined;
  };
}

/** What is wrong with a row: the kind, which rows are counted by, and the place, what stands there and what was expected. */
export interface OutcomeProblem {
  readonly reason: "id_missing" | "outcome_missing" | "not_a_number" | "not_a_position" | "not_a_time";
  readonly message: string;
}

/** One row of the file: an outcome, or what is wrong with it. */
export type OutcomeRow = { readonly row: number } & (
  | { readonly problem: OutcomeProblem }
  | {
      readonly problem: null;
      readonly id: string;
      readonly label: string | null;
      readonly value: number | null;
      readonly position: number | null;
      /** ISO 8601 UTC; null without a time column. */
      readonly time: string | null;
    }
);

/** Number of rows, and the rows in the order of the file, numbered from 1. */
export interface OutcomeFile {
  readonly rows: number;
  read(): AsyncIterable<OutcomeRow>;
  close(): Promise<void>;
}

/**
 * Opens a file of outcomes; memory does not grow with it.
 * Throws TidemarkError `dataUnreadable` for a file or a column that cannot be used, with the nearest name.
 */
export async function openOutcomeFile(options: OutcomeFileOptions): Promise<OutcomeFile> {
  const { columns } = options;
  const { rows, read, close } = await openFileLines(
    { path: options.path, format: options.format, texts: [columns.id] },
    { columns: (file) => columnsSql(file, columns) },
  );
  return { rows, read: () => numbered(read(), columns), close };
}

/** Number() would take 0x10 too. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

type Columns = OutcomeFileOptions["columns"];
/** Texts as they stand in the file, for the message where one is no number or no time. */
type Line = [
  id: string | null,
  label: string | null,
  value: string | null,
  position: string | null,
  time: string | null,
  timeMs: string | null,
];

function columnsSql(file: DataFile, columns: Columns): string {
  const text = (name: string | undefined, part: string) =>
    name === undefined ? "NULL" : `toString(${quoteName(findColumn(file, name, part).name)})`;
  return [
    text(columns.id, "the id"),
    text(columns.label, "the true class"),
    text(columns.value, "the true value"),
    text(columns.position, "the position"),
    text(columns.time, "the time"),
    timeMsSql(file, columns.time),
  ]
    .map((sql, index) => `${sql} AS c${index}`)
    .join(", ");
}

function timeMsSql(file: DataFile, name: string | undefined): string {
  if (name === undefined) return "NULL";
  const column = findColumn(file, name, "the time");
  return isTimeColumn(column) ? `toString(toUnixTimestamp64Milli(${instantSql(column, 3)}))` : "NULL";
}

async function* numbered(lines: AsyncIterable<unknown>, columns: Columns): AsyncGenerator<OutcomeRow> {
  let row = 0;
  for await (const line of lines) {
    row++;
    yield { row, ...toOutcome(line as Line, columns) } as OutcomeRow;
  }
}

type Unnumbered<T> = T extends unknown ? Omit<T, "row"> : never;

function toOutcome([id, label, value, position, time, timeMs]: Line, columns: Columns): Unnumbered<OutcomeRow> {
  const problem = (reason: OutcomeProblem["reason"], message: string) => ({ problem: { reason, message } });
  if (id === null || id === "") {
    return problem("id_missing", `column "${columns.id}" is empty; expected the id of a prediction`);
  }
  const [number, place] = [numberOf(value), numberOf(position)];
  const isEmpty = (label === null || label === "") && number === null && place === null;
  if (isEmpty) return problem("outcome_missing", `${named(columns)} is empty; a row without an outcome says nothing`);
  if (number !== null && !Number.isFinite(number)) {
    return problem("not_a_number", `column "${columns.value}" is "${value}"; expected a finite number`);
  }
  if (place !== null && !(Number.isInteger(place) && place >= 1)) {
    return problem("not_a_position", `column "${columns.position}" is "${position}"; expected a whole number from 1`);
  }
  if (columns.time !== undefined && timeMs === null) {
    const found = time === null || time === "" ? "empty" : `"${time}"`;
    return problem("not_a_time", `column "${columns.time}" is ${found}; ${TIME_EXPECTED}`);
  }
  return {
    problem: null,
    id,
    label: label === "" ? null : label,
    value: number,
    position: place,
    time: timeMs === null ? null : new Date(Number(timeMs)).toISOString(),
  };
}

/** Null for an empty text, NaN for one that is no decimal number. */
function numberOf(text: string | null): number | null {
  const bare = text?.trim() ?? "";
  if (bare === "") return null;
  return DECIMAL.test(bare) ? Number(bare) : Number.NaN;
}

function named({ label, value, position }: Columns): string {
  return [label, value, position].flatMap((name) => (name === undefined ? [] : [`column "${name}"`])).join(" and ");
}
