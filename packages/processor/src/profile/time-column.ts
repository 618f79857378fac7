import type { EngineSession } from "../store/engine-session.ts";
import { quoteName, quoteText } from "../store/quote.ts";
import { type DataColumn, type DataFile, readData } from "./data-file.ts";

const TIME_TYPE = /^(DateTime|Date)/;

/** ISO 8601 in its extended form, with a blank for the T as databases write it. Others, such as 06/11/2026, two people read differently. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-4]):[0-5]\d(:[0-5]\d([.]\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)?)?$/;

/** What a time may be, for messages. */
export const TIME_EXPECTED = "expected a date, a timestamp or ISO 8601 text such as 2026-11-06T13:45:00Z";

/** Whether the values of a column are times by its type, or as the engine reads its text. */
export function holdsTimes({ type, isTimeText }: DataColumn): boolean {
  return TIME_TYPE.test(type) || isTimeText === true;
}

/** Whether a column may hold times: of a time type, or text. */
export function isTimeColumn(column: DataColumn): boolean {
  return holdsTimes(column) || column.type === "String";
}

/** SQL of the instant of a column's value, in UTC where it names no zone; null for text that is no ISO 8601. */
export function instantSql({ name, type }: DataColumn, digits: 3 | 9): string {
  const quoted = quoteName(name);
  if (type !== "String") return `toDateTime64(${quoted}, ${digits}, 'UTC')`;
  const text = `trim(ifNull(${quoted}, ''))`;
  return `if(match(${text}, ${quoteText(ISO_TIME.source)}), parseDateTime64BestEffortOrNull(${text}, ${digits}, 'UTC'), NULL)`;
}

/** Unix milliseconds of a text in ISO 8601, in UTC where it names no zone; null for any other. */
export function isoTimeMs(text: string): number | null {
  const zone = ISO_TIME.exec(text)?.[5];
  const ms = Date.parse(zone === undefined && text.length > "2026-11-06".length ? `${text}Z` : text);
  return ISO_TIME.test(text) && !Number.isNaN(ms) ? ms : null;
}

/** Rows whose time cannot be used. */
export interface RowsWithoutTime {
  readonly count: number;
  /** The first of them, with the number of its row and what is expected. */
  readonly example: string;
}

/** Rows in which a column has no time, an empty one too unless it may be; null where there is none. */
export async function rowsWithoutTime(
  session: EngineSession,
  file: DataFile,
  column: DataColumn,
  mayBeEmpty = false,
): Promise<RowsWithoutTime | null> {
  const bytes = await readData(
    session,
    file.path,
    `SELECT toFloat64(count()), toFloat64(min(row)), argMin(value, row) FROM (
      SELECT rowNumberInAllBlocks() + 1 AS row, ifNull(toString(${quoteName(column.name)}), '') AS value,
        isNull(${instantSql(column, 9)}) AS isNone FROM ${file.source}
    ) WHERE isNone ${mayBeEmpty ? "AND value != ''" : ""} SETTINGS max_threads = 1, input_format_parquet_preserve_order = 1`,
    "JSONCompactEachRow",
  );
  const [count, row, value] = JSON.parse(Buffer.from(bytes).toString("utf8")) as [number, number, string];
  const found = value === "" ? "empty" : `"${value}"`;
  return count === 0 ? null : { count, example: `row ${row}: column "${column.name}" is ${found}; ${TIME_EXPECTED}` };
}
