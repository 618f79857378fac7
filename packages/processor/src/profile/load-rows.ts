import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteName } from "../store/quote.ts";
import type { BuildProfileOptions, FieldColumn } from "./build-options.ts";
import { findColumn } from "./choose-columns.ts";
import { type DataFile, readData } from "./data-file.ts";
import { instantSql, isoTimeMs, isTimeColumn, rowsWithoutTime, TIME_EXPECTED } from "./time-column.ts";

/** The temporary table that `loadRows` fills: t, tie, for each field f0, f1, ... and its state s0, s1, ..., for each segment g0, g1, ... */
export const ROWS = "profile_rows";

/** States of a value in the table. */
export const ROW_STATE = { valid: 0, missing: 1, type_mismatch: 2, non_finite: 3 } as const;

export interface LoadedRows {
  readonly rows: number;
  /** Event time, Unix milliseconds; null without a time column or without rows. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

const NS_PER_MS = 1e6;
/** Stands for a time that is none; the engine's times begin in 1900. */
const NO_TIME = "toInt64(-9223372036854775807)";
const COLUMN_TYPE = { numeric: "Float64", categorical: "String" } as const;

/**
 * Reads the chosen columns into a temporary table of plain types: t is the event time in nanoseconds (0 without one),
 * and tie a hash of the row, which orders rows of one instant in a way that has nothing to do with their values.
 */
export async function loadRows(
  session: EngineSession,
  file: DataFile,
  fields: readonly FieldColumn[],
  options: BuildProfileOptions,
): Promise<LoadedRows> {
  const time = options.time === undefined ? "toInt64(0)" : timeSql(file, options.time);
  const segments = options.segments ?? [];
  const selected = [
    `${time} AS t`,
    ...fields.flatMap((field, index) => fieldSql(file, field, index)),
    ...segments.map((name, index) => segmentSql(file, name, index)),
  ].join(", ");
  const names = [
    "t",
    ...fields.flatMap((_field, index) => [`f${index}`, `s${index}`]),
    ...segments.map((_name, index) => `g${index}`),
  ].join(", ");
  const types = [
    "t Int64",
    ...fields.map(({ kind }, index) => `f${index} ${COLUMN_TYPE[kind]}, s${index} UInt8`),
    ...segments.map((_name, index) => `g${index} String`),
  ];
  await readData(session, file.path, `DROP TABLE IF EXISTS ${ROWS}`, "Null");
  await readData(
    session,
    file.path,
    `CREATE TEMPORARY TABLE ${ROWS} (${types.join(", ")}, tie UInt64 DEFAULT sipHash64(tuple(${names}))) ENGINE = Memory`,
    "Null",
  );
  await readData(
    session,
    file.path,
    `INSERT INTO ${ROWS} (${names}) SELECT ${names} FROM (SELECT ${selected} FROM ${file.source}) WHERE ${limits(options)}`,
    "Null",
  );
  return describeRows(session, file, options.time);
}

/** What expressions give in the rows in the time asked for; `selected` names them, by none of `t`. */
export function rowsInTime(file: DataFile, selected: string, options: BuildProfileOptions): string {
  const time = options.time === undefined ? "toInt64(0)" : timeSql(file, options.time);
  return `(SELECT * FROM (SELECT ${time} AS t, ${selected} FROM ${file.source}) WHERE ${limits(options)})`;
}

async function describeRows(session: EngineSession, file: DataFile, time: string | undefined): Promise<LoadedRows> {
  const bytes = await readData(
    session,
    file.path,
    `SELECT toFloat64(count()) AS rows, toFloat64(min(t)) AS first, toFloat64(max(t)) AS last, toFloat64(countIf(t = ${NO_TIME})) AS untimed FROM ${ROWS}`,
    "JSONEachRow",
  );
  const row = JSON.parse(Buffer.from(bytes).toString("utf8")) as Record<"rows" | "first" | "last" | "untimed", number>;
  if (row.rows === 0) throw new TidemarkError("dataUnreadable", `${file.path} has no row in the time asked for`);
  if (time !== undefined && row.untimed > 0) {
    const found = await rowsWithoutTime(session, file, findColumn(file, time, "the time"));
    const told = `column "${time}" of ${file.path} has ${row.untimed.toLocaleString("en")} values that are no time`;
    const fix = "Write them in ISO 8601, with the offset where they are not in UTC.";
    throw new TidemarkError("dataUnreadable", `${told}; ${found?.example}`, { fix });
  }
  if (time === undefined) return { rows: row.rows, firstMs: null, lastMs: null };
  return { rows: row.rows, firstMs: Math.floor(row.first / NS_PER_MS), lastMs: Math.floor(row.last / NS_PER_MS) };
}

function timeSql(file: DataFile, name: string): string {
  const column = findColumn(file, name, "the time");
  if (!isTimeColumn(column)) {
    throw new TidemarkError(
      "dataUnreadable",
      `column "${name}" of ${file.path} is of type ${column.type}; ${TIME_EXPECTED}`,
    );
  }
  return `ifNull(toUnixTimestamp64Nano(${instantSql(column, 9)}), ${NO_TIME})`;
}

function limits({ from, to }: BuildProfileOptions): string {
  const conditions = ["1"];
  if (from !== undefined) conditions.push(`(t >= ${limitNs(from, "from")} OR t = ${NO_TIME})`);
  if (to !== undefined) conditions.push(`t < ${limitNs(to, "to")}`);
  return conditions.join(" AND ");
}

function limitNs(text: string, name: string): string {
  const ms = isoTimeMs(text);
  if (ms === null) throw new TidemarkError("usage", `${name} is "${text}"; ${TIME_EXPECTED}`);
  return `toInt64(${ms}) * 1000000`;
}

/** Value and state of a field, from whatever type its column has. */
function fieldSql(file: DataFile, field: FieldColumn, index: number): string[] {
  const { type } = findColumn(file, field.column, "a field");
  const name = quoteName(field.column);
  const isText = type === "String" || type.startsWith("FixedString");
  const { missing, type_mismatch, non_finite, valid } = ROW_STATE;
  if (field.kind === "categorical") {
    // An empty CSV cell is a missing value; in other formats an empty text is a category like any other.
    const text = file.format === "csv" ? `nullIf(toString(${name}), '')` : `toString(${name})`;
    return [
      `substringUTF8(ifNull(${text}, ''), 1, 1024) AS f${index}`,
      `if(isNull(${text}), ${missing}, ${valid}) AS s${index}`,
    ];
  }
  const number = isText ? `toFloat64OrNull(trim(${name}))` : `toFloat64(${name})`;
  const isMissing = isText ? `(isNull(${name}) OR trim(ifNull(${name}, '')) = '')` : `isNull(${name})`;
  return [
    `if(isFinite(ifNull(${number}, nan)), assumeNotNull(ifNull(${number}, 0)) + 0, 0) AS f${index}`,
    `multiIf(${isMissing}, ${missing}, isNull(${number}), ${type_mismatch}, NOT isFinite(ifNull(${number}, 0)), ${non_finite}, ${valid}) AS s${index}`,
  ];
}

/** A segment's value as a record would tell it (numbers as `segmentValueSql` writes them); empty where there is none. */
function segmentSql(file: DataFile, column: string, index: number): string {
  const { type } = findColumn(file, column, "a segment");
  const name = quoteName(column);
  const isNumber = /^(Nullable\()?(U?Int|Float|BFloat|Decimal)/.test(type);
  return `substringUTF8(ifNull(toString(${isNumber ? `toFloat64(${name})` : name}), ''), 1, 1024) AS g${index}`;
}

/** Rows of one field that hold a value. */
export function validRows(index: number): string {
  return `FROM ${ROWS} WHERE s${index} = ${ROW_STATE.valid}`;
}
