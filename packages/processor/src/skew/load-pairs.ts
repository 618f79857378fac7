import { TidemarkError } from "@tidemark/semconv";
import { EXPORT_COLUMNS, INPUT_PREFIX, MEMBER_PREFIX } from "../export/export-columns.ts";
import { findColumn } from "../profile/choose-columns.ts";
import { type DataColumn, type DataFile, openDataFile, readData } from "../profile/data-file.ts";
import { instantSql, rowsWithoutTime } from "../profile/time-column.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteName } from "../store/quote.ts";
import type { SkewReport } from "./feature-skew.ts";

export interface LoadPairsOptions {
  /** What the features are when they are computed again: Parquet, CSV, JSON lines or Arrow. */
  readonly recomputed: string;
  /** What the service used: a file as `tidemark export` writes it. */
  readonly records: string;
  /** Column of the prediction's id in `recomputed`. */
  readonly id: string;
  /** Columns of `recomputed` by feature, where they are named otherwise. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column of `recomputed` that names whom a row is about. */
  readonly by: string | null;
}

/** A feature that both files have; in the table, `s0` is what was served of the first and `r0` what was recomputed. */
export interface PairedFeature {
  readonly name: string;
  readonly kind: "numeric" | "categorical";
}

export interface LoadedPairs {
  readonly counts: Pick<
    SkewReport,
    "rows" | "rowsWithoutInputs" | "rowsWithoutRecord" | "recordsWithoutRow" | "rowsWithoutId" | "rowsOfRepeatedIds"
  >;
  readonly features: readonly PairedFeature[];
  readonly notRecorded: readonly string[];
  readonly notRecomputed: readonly string[];
}

/** The temporary table of joined rows: id, trace_id, time, entity, s0, r0, s1, ... */
export const PAIRS = "skew_pairs";
/** Rows of the file that have an id of their own. */
const RECOMPUTED = "skew_recomputed";

const NUMBER = /^(U?Int\d+|Float\d+|BFloat16|Decimal)/;
/** What the file may have that is no feature. */
const NO_FEATURE = new Set<string>(EXPORT_COLUMNS);

/**
 * Joins the two files by id into a temporary table. A number is compared as a number where the service recorded numbers, anything
 * else as text. Throws TidemarkError `dataUnreadable` for a file or a column that cannot be used, and where the files share no feature.
 */
export async function loadPairs(session: EngineSession, options: LoadPairsOptions): Promise<LoadedPairs> {
  const file = await openDataFile(session, { path: options.recomputed, texts: [options.id] });
  const records = await openDataFile(session, { path: options.records, texts: ["id"] });
  const untimed = await rowsWithoutTime(session, records, findColumn(records, "time", "the time"));
  if (untimed !== null) throw new TidemarkError("dataUnreadable", `${records.path}, ${untimed.example}`);
  const id = findColumn(file, options.id, "the id");
  for (const [feature, column] of Object.entries(options.columns)) findColumn(file, column, feature);
  const entity = options.by === null ? null : findColumn(file, options.by, "whom a row is about").name;
  const served = recordedInputs(records);
  const nameOf = new Map(Object.entries(options.columns).map(([feature, column]) => [column, feature]));
  const recomputed = new Map(
    file.columns
      .filter(({ name }) => name !== id.name)
      .map((column) => [nameOf.get(column.name) ?? column.name, column]),
  );
  const names = [...recomputed.keys()].filter((name) => served.has(name)).sort();
  const notRecorded = [...recomputed.keys()].filter(
    (name) => !served.has(name) && !NO_FEATURE.has(name) && name !== entity,
  );
  const notRecomputed = [...served.keys()].filter((name) => !recomputed.has(name)).sort();
  if (names.length === 0) {
    throw new TidemarkError(
      "dataUnreadable",
      `${file.path} has no column for any input that is recorded: ${notRecomputed.slice(0, 20).join(", ") || "none is"}`,
      { fix: "Name its columns as the inputs are named, or say which is which with --column INPUT=COLUMN." },
    );
  }
  const pairs = names.map((name) => ({ name, served: served.get(name)!, recomputed: recomputed.get(name)! }));
  const selected = pairs.map((pair, at) => `${recomputedSql(file, pair.recomputed, isNumeric(pair.served))} AS r${at}`);
  const said = pairs.map((pair, at) => `${servedSql(records, pair.served)} AS s${at}`);
  const hasInputs = [...served.values()].map((column) => `isNotNull(${servedSql(records, column)})`).join(" OR ");
  const key = `ifNull(toString(${quoteName(id.name)}), '')`;
  const about = entity === null ? "''" : `ifNull(toString(${quoteName(entity)}), '')`;
  const run = (path: string, sql: string) => readData(session, path, sql, "Null");
  for (const table of [PAIRS, RECOMPUTED]) await run(file.path, `DROP TABLE IF EXISTS ${table}`);
  await run(
    file.path,
    `CREATE TEMPORARY TABLE ${RECOMPUTED} ENGINE = Memory AS
    SELECT ${key} AS id, ${about} AS entity, ${selected.join(", ")} FROM ${file.source}`,
  );
  await run(
    records.path,
    `CREATE TEMPORARY TABLE ${PAIRS} ENGINE = Memory AS
    SELECT * FROM (
      SELECT toString(id) AS id, ${traceSql(records)} AS trace_id, toFloat64(toUnixTimestamp64Milli(${timeSql(records)})) / 1000 AS time, ${said.join(", ")} FROM ${records.source} WHERE ${hasInputs}
    ) AS served
    ANY INNER JOIN (
      SELECT * FROM ${RECOMPUTED} WHERE id IN (SELECT id FROM ${RECOMPUTED} WHERE id != '' GROUP BY id HAVING count() = 1)
    ) AS recomputed USING id`,
  );
  const features = pairs.map(
    (pair): PairedFeature => ({
      name: pair.name,
      kind: isNumeric(pair.served) ? "numeric" : "categorical",
    }),
  );
  return { counts: await countJoined(session, file, records), features, notRecorded, notRecomputed };
}

async function countJoined(session: EngineSession, file: DataFile, records: DataFile): Promise<LoadedPairs["counts"]> {
  const once = "times = 1 AND id != ''";
  const sql = `
    WITH
      (SELECT toFloat64(count()) FROM ${PAIRS}) AS joined,
      toFloat64(countIf(${once} AND id IN (SELECT toString(id) FROM ${records.source}))) AS recorded
    SELECT joined AS rows, recorded - joined AS rowsWithoutInputs,
      toFloat64(countIf(id = '')) AS rowsWithoutId, toFloat64(sumIf(times, times > 1 AND id != '')) AS rowsOfRepeatedIds,
      toFloat64(countIf(${once})) - recorded AS rowsWithoutRecord,
      (SELECT toFloat64(uniqExact(toString(id))) FROM ${records.source}) - recorded AS recordsWithoutRow
    FROM (SELECT id, if(id = '', 1, count()) AS times FROM ${RECOMPUTED} GROUP BY id, if(id = '', rowNumberInAllBlocks(), 0))`;
  const bytes = await readData(session, file.path, sql, "JSONEachRow");
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as LoadedPairs["counts"];
}

/** Columns of inputs by the input's own name. */
function recordedInputs({ columns }: DataFile): Map<string, DataColumn> {
  const reserved = (name: string) => NO_FEATURE.has(name) || name.startsWith(MEMBER_PREFIX);
  return new Map(
    columns
      .filter(({ name }) => !reserved(name) && name !== "other_inputs")
      .map((column) => {
        const bare = column.name.startsWith(INPUT_PREFIX) ? column.name.slice(INPUT_PREFIX.length) : column.name;
        return [reserved(bare) ? bare : column.name, column];
      }),
  );
}

const isNumeric = ({ type }: DataColumn) => NUMBER.test(type);

/** A value that is not finite is none, as it is for the model's monitors. */
function servedSql(file: DataFile, column: DataColumn): string {
  return isNumeric(column) ? finite(`toFloat64(${quoteName(column.name)})`) : textSql(file, column);
}

/** Where numbers were recorded, a text that is none counts as missing. */
function recomputedSql(file: DataFile, column: DataColumn, asNumber: boolean): string {
  const name = quoteName(column.name);
  if (!asNumber) return textSql(file, column);
  return finite(
    isNumeric(column) || column.type === "Bool" ? `toFloat64(${name})` : `toFloat64OrNull(trim(toString(${name})))`,
  );
}

/** An empty cell of a CSV file is a missing value. */
function textSql(file: DataFile, column: DataColumn): string {
  const text = `toString(${quoteName(column.name)})`;
  return `CAST(${file.format === "csv" ? `nullIf(${text}, '')` : text}, 'Nullable(String)')`;
}

function finite(number: string): string {
  return `CAST(if(isFinite(ifNull(${number}, nan)), ${number}, NULL), 'Nullable(Float64)')`;
}

function traceSql({ columns }: DataFile): string {
  return columns.some(({ name }) => name === "trace_id") ? "ifNull(toString(trace_id), '')" : "''";
}

function timeSql(file: DataFile): string {
  return `assumeNotNull(${instantSql(findColumn(file, "time", "the time"), 9)})`;
}
