import type { ModelKey } from "../store/models.ts";
import { quoteName, quoteText } from "../store/quote.ts";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import type { Store } from "../store/store.ts";
import { EXPORT_COLUMNS, INPUT_PREFIX, MEMBER_PREFIX, PROBABILITY_PREFIX } from "./export-columns.ts";

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
/** Columns of inputs at most; a sender that makes up names must not keep the others from being exported. */
const MAX_INPUTS = 1_000;
/** Columns of vectors at most, likewise. */
const MAX_VECTOR_COLUMNS = 64;
const OTHERS = "other_inputs";
/** Columns of an ensemble's members at most: those that answered most often. */
const MAX_MEMBERS = 100;
/** Columns of classes at most: those that most predictions have a probability of. */
const MAX_CLASSES = 200;

/**
 * Writes every prediction of a model with its outcome, where one is known, ordered by time and id; one column for each of
 * the 1,000 inputs that most records name, and all others as JSON in `other_inputs`. An input whose values are all numbers
 * is a number column, any other a text column. An ensemble's predictions have a column `member:NAME` for each of the 100 members that
 * answered most often; predictions with the probabilities of classes one `probability:CLASS` for each of the 200 most frequent.
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
    ARRAY JOIN input_names AS name, input_kinds AS kind WHERE ${where} GROUP BY name
    ORDER BY count() DESC, name LIMIT ${MAX_INPUTS + 1}`,
    parameters,
  );
  const named = inputs.slice(0, MAX_INPUTS).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = named.map(({ name }) => name);
  const members = await store.query<{ name: string; numeric: number }>(
    `SELECT name, toUInt8(max(text) = '') AS numeric FROM (SELECT * FROM member_answer FINAL WHERE ${where})
    ARRAY JOIN members AS name, texts AS text GROUP BY name ORDER BY count() DESC, name LIMIT ${MAX_MEMBERS}`,
    parameters,
  );
  const classes = await store.query<{ name: string }>(
    `SELECT name FROM (SELECT * FROM class_probability FINAL WHERE ${where})
    ARRAY JOIN names AS name GROUP BY name ORDER BY count() DESC, name LIMIT ${MAX_CLASSES}`,
    parameters,
  );
  const vectors = await store.query<{ name: string }>(
    `SELECT name FROM (SELECT * FROM vector FINAL WHERE ${where})
    ARRAY JOIN names AS name GROUP BY name ORDER BY count() DESC, name LIMIT ${MAX_VECTOR_COLUMNS}`,
    parameters,
  );
  const vectorNames = vectors.map(({ name }) => name).sort();
  const titles = columnNames([...names, ...vectorNames]);
  const columns = [
    ...members.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, numeric }) => memberColumn(name, numeric === 1)),
    ...classes.map(({ name }) => probabilityColumn(name)).sort(),
    ...named.map(({ name, numeric }, index) => inputColumn(name, titles[index]!, numeric === 1)),
    ...vectorNames.map((name, index) => vectorColumn(name, titles[names.length + index]!)),
    ...(inputs.length > MAX_INPUTS ? [otherInputs(names)] : []),
  ];
  await store.queryToFile(
    `SELECT p.id AS id, p.ts AS time, p.version AS version, p.role AS role, p.score AS score, p.label AS label, p.value AS value,
      1 / p.probability AS weight, o.label AS outcome_label, o.value AS outcome_value, o.ots AS outcome_time, nullIf(toString(p.trace_id), '') AS trace_id${columns.join("")}
    FROM (SELECT * FROM prediction FINAL WHERE ${where}) AS p
    ${labelledOnly ? "INNER" : "LEFT"} JOIN (
      SELECT id, label, value, CAST(ots AS Nullable(DateTime64(9, 'UTC'))) AS ots
      FROM (${resolvedOutcomes("tenant = {tenant:String} AND model = {model:String}")})
    ) AS o ON o.id = p.id
    ${members.length > 0 ? answersJoin(where) : ""}
    ${classes.length > 0 ? probabilitiesJoin(where) : ""}
    ${vectors.length > 0 ? vectorsJoin(where) : ""}
    ORDER BY time, id, version, role SETTINGS date_time_output_format = 'iso', join_use_nulls = 1,
      format_csv_null_representation = ''${vectors.length > 0 ? `, ${OF_LARGE_ROWS}` : ""}`,
    parameters,
    path,
    ENGINE_FORMAT[format],
  );
}

const answersJoin = (where: string) => `LEFT JOIN (
      SELECT id, version, role, ts, members, numbers, texts FROM member_answer FINAL WHERE ${where}
    ) AS m ON m.id = p.id AND m.version = p.version AND m.role = p.role AND m.ts = p.ts`;

const probabilitiesJoin = (where: string) => `LEFT JOIN (
      SELECT id, version, role, ts, names, values FROM class_probability FINAL WHERE ${where}
    ) AS c ON c.id = p.id AND c.version = p.version AND c.role = p.role AND c.ts = p.ts`;

/** The probability of a class; null where the prediction says none. */
function probabilityColumn(name: string): string {
  const at = `indexOf(c.names, ${quoteText(name)})`;
  return `, if(${at} > 0 AND isFinite(c.values[${at}]), c.values[${at}], NULL) AS ${quoteName(PROBABILITY_PREFIX + name)}`;
}

/** A row with vectors is thousands of bytes: few in a block, and what is joined and sorted goes to disk. A million of 768 numbers fit so. */
const OF_LARGE_ROWS = [
  "join_algorithm = 'grace_hash'",
  "grace_hash_join_initial_buckets = 64",
  "max_threads = 1",
  "max_bytes_in_join = 100000000",
  "max_bytes_before_external_sort = 150000000",
  "max_block_size = 512",
  "max_joined_block_size_rows = 512",
  "output_format_parquet_row_group_size_bytes = 67108864",
].join(", ");

const vectorsJoin = (where: string) => `LEFT JOIN (
      SELECT id, version, role, ts, names, values FROM vector FINAL WHERE ${where}
    ) AS v ON v.id = p.id AND v.version = p.version AND v.role = p.role AND v.ts = p.ts`;

/** A list of numbers; an empty one where there is no vector, as lists are never null. */
function vectorColumn(name: string, title: string): string {
  return `, v.values[indexOf(v.names, ${quoteText(name)})] AS ${quoteName(title)}`;
}

/** What a member answered; null where it did not. */
function memberColumn(name: string, isNumeric: boolean): string {
  const at = `indexOf(m.members, ${quoteText(name)})`;
  const [number, text] = [`m.numbers[${at}]`, `toString(m.texts[${at}])`];
  const isNumber = `${at} > 0 AND isFinite(${number})`;
  const value = isNumeric
    ? `if(${isNumber}, ${number}, NULL)`
    : `multiIf(${text} != '', ${text}, ${isNumber}, toString(${number}), NULL)`;
  return `, ${value} AS ${quoteName(MEMBER_PREFIX + name)}`;
}

const isPrefixed = (name: string) => name.startsWith(MEMBER_PREFIX) || name.startsWith(PROBABILITY_PREFIX);

/** A column name for each input: its own, unless a column that is none of an input's may have it, or another input has it. */
function columnNames(inputs: readonly string[]): string[] {
  const taken = new Set<string>([...EXPORT_COLUMNS, OTHERS]);
  const own = new Set(inputs.filter((name) => !taken.has(name) && !isPrefixed(name)));
  for (const name of own) taken.add(name);
  return inputs.map((name) => {
    // Once: an input may be a number in some records and a vector in others.
    if (own.delete(name)) return name;
    let title = INPUT_PREFIX + name;
    while (taken.has(title)) title = INPUT_PREFIX + title;
    taken.add(title);
    return title;
  });
}

function inputColumn(name: string, title: string, isNumeric: boolean): string {
  const at = `indexOf(p.input_names, ${quoteText(name)})`;
  const number = `p.input_numbers[${at}]`;
  const value = isNumeric ? `if(p.input_kinds[${at}] = 'number', ${number}, NULL)` : textOf(at);
  return `, ${value} AS ${quoteName(title)}`;
}

/** JSON of the inputs that have no column. */
function otherInputs(names: readonly string[]): string {
  const pairs = `arrayMap((name, kind, number, text) -> (toString(name), multiIf(kind = 'number', toString(number), kind = 'null', 'null', toString(text))),
      p.input_names, p.input_kinds, p.input_numbers, p.input_texts)`;
  const rest = `arrayFilter(pair -> NOT has([${names.map(quoteText).join()}], tupleElement(pair, 1)), ${pairs})`;
  return `, toJSONString(CAST(${rest}, 'Map(String, String)')) AS ${OTHERS}`;
}

function textOf(at: string): string {
  const kind = `p.input_kinds[${at}]`;
  return `multiIf(${kind} = 'number', toString(p.input_numbers[${at}]), ${kind} = 'null', NULL, p.input_texts[${at}])`;
}

function definedOnly<T>(parameters: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(parameters).filter((entry): entry is [string, T] => entry[1] !== undefined));
}
