/** A column that the writer sends, in the order of the row encoder; `default` columns are filled in by the engine. */
interface Column {
  readonly name: string;
  /** Type in the table. */
  readonly type: string;
  /** Type on the wire where it differs: the engine builds the dictionaries of LowCardinality columns itself. */
  readonly wire?: string;
  readonly codec?: string;
}

interface Table {
  readonly columns: readonly Column[];
  /** What follows the columns that are sent: columns with defaults, indexes. */
  readonly more: readonly string[];
  readonly engine: string;
  readonly partitionBy?: string;
  readonly orderBy: string;
  /** Beside those that every table has. */
  readonly settings?: readonly string[];
}

const LOW = "LowCardinality(String)";
const TEXT = { type: LOW, wire: "String" } as const;
const LABEL = { type: "LowCardinality(Nullable(String))", wire: "Nullable(String)" } as const;
const TEXTS = { type: `Array(${LOW})`, wire: "Array(String)" } as const;
const TIME = { type: "DateTime64(9,'UTC')", codec: "Delta, ZSTD(1)" } as const;
const INPUT_KIND = "Enum8('null'=0,'number'=1,'string'=2,'boolean'=3)";

/** Arrival time. It chooses what to recompute and never enters a result, nor the content hash `ver`. */
const ARRIVAL = "rx DateTime64(3,'UTC') CODEC(Delta, ZSTD(1))";

/**
 * The tables. Every one is a ReplacingMergeTree read with FINAL: a repeated record is one row, and of two records
 * with one key and different content the larger version stays, whatever the order of arrival. Outcomes keep each content.
 */
export const tables = {
  prediction: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "id", type: "String" },
      { name: "ts", ...TIME },
      { name: "label", ...LABEL },
      { name: "score", type: "Nullable(Float64)" },
      { name: "value", type: "Nullable(Float64)" },
      { name: "probability", type: "Float64" },
      { name: "trace_id", type: "String" },
      { name: "segments", ...TEXTS },
      { name: "input_names", ...TEXTS },
      { name: "input_kinds", type: `Array(${INPUT_KIND})` },
      { name: "input_numbers", type: "Array(Float64)" },
      { name: "input_texts", ...TEXTS },
    ],
    more: [
      ARRIVAL,
      "ver UInt64 DEFAULT cityHash64(tuple(ts, label, score, value, probability, trace_id, segments, input_names, input_kinds, input_numbers, input_texts))",
      "INDEX id_range id TYPE minmax GRANULARITY 1",
      "INDEX rx_range rx TYPE minmax GRANULARITY 1",
    ],
    engine: "ReplacingMergeTree(ver)",
    partitionBy: "toMonday(ts)",
    orderBy: "tenant, model, version, role, toStartOfFiveMinutes(ts), id, ts",
  },
  /** What each feature added to a prediction, where the service says so; beside the predictions, as most have none. */
  attribution: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "id", type: "String" },
      { name: "ts", ...TIME },
      { name: "probability", type: "Float64" },
      { name: "names", ...TEXTS },
      { name: "values", type: "Array(Float64)" },
    ],
    more: [ARRIVAL, "ver UInt64 DEFAULT cityHash64(tuple(ts, probability, names, values))"],
    engine: "ReplacingMergeTree(ver)",
    partitionBy: "toMonday(ts)",
    orderBy: "tenant, model, version, role, toStartOfFiveMinutes(ts), id, ts",
  },
  /** What each member of an ensemble answered; beside the predictions, as most have none. A text is a class, NaN no answer. */
  member_answer: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "id", type: "String" },
      { name: "ts", ...TIME },
      { name: "members", ...TEXTS },
      { name: "numbers", type: "Array(Float64)" },
      { name: "texts", ...TEXTS },
    ],
    more: [ARRIVAL, "ver UInt64 DEFAULT cityHash64(tuple(ts, members, numbers, texts))"],
    engine: "ReplacingMergeTree(ver)",
    partitionBy: "toMonday(ts)",
    orderBy: "tenant, model, version, role, toStartOfFiveMinutes(ts), id, ts",
  },
  /**
   * Vectors (embeddings) among a prediction's inputs; beside the predictions, as most have none. In the order of a hash of their ids, so
   * that a sample by that hash reads its own rows alone: granules are small, as rows are large.
   */
  vector: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "id", type: "String" },
      { name: "ts", ...TIME },
      { name: "probability", type: "Float64" },
      { name: "names", ...TEXTS },
      { name: "values", type: "Array(Array(Float32))" },
    ],
    more: [ARRIVAL, "ver UInt64 DEFAULT cityHash64(tuple(ts, probability, names, values))"],
    engine: "ReplacingMergeTree(ver)",
    partitionBy: "toMonday(ts)",
    orderBy: "tenant, model, version, role, toStartOfFiveMinutes(ts), sipHash64(id), id, ts",
    settings: ["index_granularity_bytes = 262144"],
  },
  /** Probability of each class, where the service says so; beside the predictions, as most have none. NaN for what was no number. */
  class_probability: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "id", type: "String" },
      { name: "ts", ...TIME },
      { name: "probability", type: "Float64" },
      { name: "names", ...TEXTS },
      { name: "values", type: "Array(Float64)" },
    ],
    more: [ARRIVAL, "ver UInt64 DEFAULT cityHash64(tuple(ts, probability, names, values))"],
    engine: "ReplacingMergeTree(ver)",
    partitionBy: "toMonday(ts)",
    orderBy: "tenant, model, version, role, toStartOfFiveMinutes(ts), id, ts",
  },
  /** Every different truth ever told of an id is a row; `resolvedOutcomes` picks the one that counts. */
  outcome: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "id", type: "String" },
      { name: "ots", ...TIME },
      { name: "kind", ...TEXT },
      { name: "label", ...LABEL },
      { name: "value", type: "Nullable(Float64)" },
      { name: "position", type: "Nullable(UInt32)" },
    ],
    more: [
      ARRIVAL,
      // The latest event time wins; of two outcomes at one instant the larger content hash.
      "ver UInt128 DEFAULT bitShiftLeft(toUInt128(reinterpretAsUInt64(toUnixTimestamp64Nano(ots))), 64) + cityHash64(tuple(kind, label, value, position))",
      "INDEX rx_range rx TYPE minmax GRANULARITY 1",
    ],
    engine: "ReplacingMergeTree",
    orderBy: "tenant, model, id, ver",
  },
  metric_point: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "service", ...TEXT },
      { name: "instance", ...TEXT },
      { name: "metric", ...TEXT },
      { name: "feature", ...TEXT },
      { name: "key", ...TEXT },
      { name: "segment", ...TEXT },
      { name: "series", type: "UInt64" },
      { name: "temporality", type: "Enum8('delta'=0,'cumulative'=1,'gauge'=2)" },
      { name: "start", ...TIME },
      { name: "time", ...TIME },
      { name: "count", type: "UInt64" },
      { name: "sum", type: "Float64" },
      { name: "boundary", type: "UInt64" },
      { name: "buckets", type: "Array(UInt64)", codec: "ZSTD(1)" },
    ],
    more: [
      ARRIVAL,
      "ver UInt64 DEFAULT cityHash64(tuple(count, sum, boundary, buckets))",
      "INDEX rx_range rx TYPE minmax GRANULARITY 1",
    ],
    engine: "ReplacingMergeTree(ver)",
    partitionBy: "toMonday(time)",
    orderBy:
      "tenant, model, version, role, toStartOfHour(time), metric, feature, key, segment, service, instance, series, start, time, temporality",
  },
  /** Boundary lists of histogram points, kept once under their hash. */
  boundary: {
    columns: [
      { name: "hash", type: "UInt64" },
      { name: "boundaries", type: "Array(Float64)" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree",
    orderBy: "hash",
  },
  measurement: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_name", ...TEXT },
      { name: "start", type: "DateTime64(3,'UTC')" },
      { name: "end", type: "DateTime64(3,'UTC')" },
      { name: "signal", ...TEXT },
      { name: "target_kind", ...TEXT },
      { name: "target_name", ...TEXT },
      { name: "metric", ...TEXT },
      { name: "attributes", ...TEXT },
      { name: "value", type: "Nullable(Float64)" },
      { name: "lower", type: "Nullable(Float64)" },
      { name: "upper", type: "Nullable(Float64)" },
      { name: "state", ...LABEL },
      { name: "threshold", type: "Nullable(Float64)" },
      { name: "evidence", type: "String", codec: "ZSTD(1)" },
      { name: "count", type: "Float64" },
      { name: "effective", type: "Float64" },
      { name: "profile_id", ...TEXT },
      { name: "config_id", ...TEXT },
      // The generation of its owner above the revision.
      { name: "revision", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(revision)",
    orderBy: "tenant, model, version, role, window_name, start, signal, target_kind, target_name, metric, attributes",
  },
  /** Why windows turned critical, as JSON. */
  explanation: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_name", ...TEXT },
      { name: "start", type: "DateTime64(3,'UTC')" },
      { name: "explanation", type: "String", codec: "ZSTD(3)" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, window_name, start",
  },
  /** Pairs of champion and challenger by minute, as of the last judgement of their window. */
  paired_minute: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_start", type: "DateTime64(3,'UTC')" },
      { name: "window_end", type: "DateTime64(3,'UTC')" },
      { name: "minute", type: "DateTime64(3,'UTC')" },
      { name: "asked", type: "UInt32" },
      { name: "pairs", type: "UInt32" },
      { name: "sum", type: "Float64" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, window_start, window_end, minute",
  },
  /** What was estimated of a window, and what its outcomes said: the record that later estimates are weighed by. */
  window_estimate: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_name", ...TEXT },
      { name: "profile_id", ...TEXT },
      { name: "start", type: "DateTime64(3,'UTC')" },
      { name: "estimate", type: "String", codec: "ZSTD(1)" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, window_name, profile_id, start",
  },
  /** What each window adds to the continuous drift verdicts: counts on the detectors' bins, as JSON, with its digest. */
  stream_look: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_start", type: "DateTime64(3,'UTC')" },
      { name: "window_end", type: "DateTime64(3,'UTC')" },
      { name: "profile_id", ...TEXT },
      { name: "digest", type: "String" },
      { name: "looks", type: "String", codec: "ZSTD(3)" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, profile_id, window_start, window_end",
  },
  /** What later windows are held against: a window's counts on the profile's detector bins, as JSON. */
  window_count: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_name", ...TEXT },
      { name: "profile_id", ...TEXT },
      { name: "start", type: "DateTime64(3,'UTC')" },
      { name: "counts", type: "String", codec: "ZSTD(3)" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, window_name, profile_id, start",
  },
  /** What a window's outcomes say of an ensemble's members: sums by part of the window, as JSON. */
  window_ensemble: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_name", ...TEXT },
      { name: "profile_id", ...TEXT },
      { name: "start", type: "DateTime64(3,'UTC')" },
      { name: "sums", type: "String", codec: "ZSTD(3)" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, window_name, profile_id, start",
  },
  /** Snapshots of the continuous drift verdicts after a window, as JSON; `chain` says which looks made them. */
  stream_state: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "role", ...TEXT },
      { name: "window_start", type: "DateTime64(3,'UTC')" },
      { name: "window_end", type: "DateTime64(3,'UTC')" },
      { name: "chain", type: "String" },
      { name: "state", type: "String", codec: "ZSTD(3)" },
      { name: "ver", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(ver)",
    orderBy: "tenant, model, version, role, window_start, window_end",
  },
  profile: {
    columns: [
      { name: "id", type: "String" },
      { name: "model", ...TEXT },
      { name: "version", ...TEXT },
      { name: "profile", type: "String", codec: "ZSTD(3)" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree",
    orderBy: "id",
  },
  /** Arrival time up to which late records have led to a new judgement; the latest wins. */
  evaluation_mark: {
    columns: [
      { name: "tenant", ...TEXT },
      { name: "model", ...TEXT },
      { name: "received", type: "UInt64" },
    ],
    more: [ARRIVAL],
    engine: "ReplacingMergeTree(received)",
    orderBy: "tenant, model",
  },
} as const satisfies Record<string, Table>;

export type TableName = keyof typeof tables;

/** How a CREATE TABLE differs between the embedded engine and a server. */
export interface TableForm {
  /** What follows the name, such as ` ON CLUSTER c`. */
  readonly on?: string;
  /** What comes before `ReplacingMergeTree`, such as `Replicated`. */
  readonly enginePrefix?: string;
}

/** The CREATE TABLE statement of a table, with durable inserts and no tolerance for damaged parts; `as` renames it. */
export function createTableSql(
  name: TableName,
  as: string = name,
  { on = "", enginePrefix = "" }: TableForm = {},
): string {
  const table: Table = tables[name];
  const columns = table.columns.map(
    (column) => `${column.name} ${column.type}${column.codec === undefined ? "" : ` CODEC(${column.codec})`}`,
  );
  return [
    `CREATE TABLE IF NOT EXISTS ${as}${on} (${[...columns, ...table.more].join(", ")})`,
    `ENGINE = ${enginePrefix}${table.engine}`,
    ...(table.partitionBy === undefined ? [] : [`PARTITION BY ${table.partitionBy}`]),
    `ORDER BY (${table.orderBy})`,
    `SETTINGS ${[...SETTINGS, ...(table.settings ?? [])].join(", ")}`,
  ].join(" ");
}

/** The structure argument of `file()` and `input()` for rows made by the table's encoder. */
export function wireStructure(name: TableName): string {
  const table: Table = tables[name];
  return table.columns.map((column) => `${column.name} ${column.wire ?? column.type}`).join(", ");
}

const SETTINGS = [
  "fsync_after_insert = 1",
  "fsync_part_directory = 1",
  "min_rows_to_fsync_after_merge = 1",
  "max_suspicious_broken_parts = 0",
  "max_suspicious_broken_parts_bytes = 0",
];
