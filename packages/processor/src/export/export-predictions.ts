import type { ModelKey } from "../store/models.ts";
import { quoteName, quoteText } from "../store/quote.ts";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import type { Store } from "../store/store.ts";

export const EXPORT_FORMATS = ["parquet", "csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRequest {
  /** A model; of all versions and roles where these are left out. */
  readonly key: Pick<ModelKey, "tenant" | "model"> & Partial<Pick<ModelKey, "version" | "role">>;
  /** Predictions of [from, to), Unix milliseconds; all where left out. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Only predictions whose outcome is known. */
  readonly labelledOnly?: boolean;
  /** File to write; an existing one is replaced. */
  readonly path: string;
  readonly format: ExportFormat;
}

const ENGINE_FORMAT: Readonly<Record<ExportFormat, string>> = {
  parquet: "Parquet",
  csv: "CSVWithNames",
  jsonl: "JSONEachRow",
};
/** Columns that every export has; an input of such a name is exported as `input_NAME`. */
const COLUMNS = [
  "id",
  "time",
  "version",
  "role",
  "score",
  "label",
  "value",
  "weight",
  "outcome_label",
  "outcome_value",
  "outcome_time",
];

/**
 * Writes every prediction of a model with its outcome, where one is known, ordered by time and id; one column for each
 * input that some record names. An input whose values are all numbers is a number column, any other a text column.
 */
export async function exportPredictions(store: Store, request: ExportRequest): Promise<void> {
  const { key, path, format, fromMs, toMs, labelledOnly = false } = request;
  const conditions = ["tenant = {tenant:String}", "model = {model:String}"];
  if (key.version !== undefined) conditions.push("version = {version:String}");
  if (key.role !== undefined) conditions.push("role = {role:String}");
  if (fromMs !== undefined) conditions.push("ts >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')");
  if (toMs !== undefined) conditions.push("ts < fromUnixTimestamp64Milli({to:Int64}, 'UTC')");
  const where = conditions.join(" AND ");
  const parameters = definedOnly({ ...key, from: fromMs, to: toMs });
  const inputs = await store.query<{ name: string; numeric: number }>(
    `SELECT name, toUInt8(min(kind IN ('number', 'null'))) AS numeric FROM prediction
    ARRAY JOIN input_names AS name, input_kinds AS kind WHERE ${where} GROUP BY name ORDER BY name`,
    parameters,
  );
  const columns = inputs.map(({ name, numeric }) => inputColumn(name, numeric === 1));
  await store.queryToFile(
    `SELECT p.id AS id, p.ts AS time, p.version AS version, p.role AS role, p.score AS score, p.label AS label, p.value AS value,
      1 / p.probability AS weight, o.label AS outcome_label, o.value AS outcome_value, o.ots AS outcome_time${columns.join("")}
    FROM (SELECT * FROM prediction FINAL WHERE ${where}) AS p
    ${labelledOnly ? "INNER" : "LEFT"} JOIN (
      SELECT id, label, value, CAST(ots AS Nullable(DateTime64(9, 'UTC'))) AS ots
      FROM (${resolvedOutcomes("tenant = {tenant:String} AND model = {model:String}")})
    ) AS o ON o.id = p.id
    ORDER BY time, id, version, role SETTINGS date_time_output_format = 'iso', join_use_nulls = 1`,
    parameters,
    path,
    ENGINE_FORMAT[format],
  );
}

function inputColumn(name: string, isNumeric: boolean): string {
  const at = `indexOf(p.input_names, ${quoteText(name)})`;
  const kind = `p.input_kinds[${at}]`;
  const number = `p.input_numbers[${at}]`;
  const value = isNumeric
    ? `if(${kind} = 'number', ${number}, NULL)`
    : `multiIf(${kind} = 'number', toString(${number}), ${kind} = 'null', NULL, p.input_texts[${at}])`;
  return `, ${value} AS ${quoteName(COLUMNS.includes(name) ? `input_${name}` : name)}`;
}

function definedOnly<T>(parameters: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(parameters).filter((entry): entry is [string, T] => entry[1] !== undefined));
}
