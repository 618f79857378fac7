import { createTableSql, type TableName, tables } from "../store/tables.ts";

/** Where the tables of a server lie. */
export interface ServerPlace {
  readonly database: string;
  /** Name of the cluster; null for one server. */
  readonly cluster: string | null;
}

/** Rows of one key must share a shard, because FINAL looks at one shard at a time. */
const BY_MODEL = "cityHash64(tenant, model)";
const BY_RECORD = "cityHash64(tenant, model, id)";
const SHARDING: Readonly<Record<TableName, string>> = {
  prediction: BY_RECORD,
  outcome: BY_RECORD,
  metric_point: BY_MODEL,
  boundary: "hash",
  measurement: BY_MODEL,
  explanation: BY_MODEL,
  paired_minute: BY_MODEL,
  window_estimate: BY_MODEL,
  window_count: BY_MODEL,
  window_ensemble: BY_MODEL,
  attribution: BY_RECORD,
  class_probability: BY_RECORD,
  member_answer: BY_RECORD,
  vector: BY_RECORD,
  stream_look: BY_MODEL,
  stream_state: BY_MODEL,
  profile: "cityHash64(id)",
  evaluation_mark: BY_MODEL,
};

const VERSION_TABLE = "schema_version";

/** The statement that makes the database. */
export function createDatabaseSql({ database, cluster }: ServerPlace): string {
  return `CREATE DATABASE IF NOT EXISTS ${database}${onCluster(cluster)}`;
}

/** The statements that make the table of versions. They can be repeated. */
export function createVersionTableSql(place: ServerPlace): string[] {
  const form = formOf(place);
  return [
    `CREATE TABLE IF NOT EXISTS ${storedTable(VERSION_TABLE, place)}${form.on} (version UInt32) ENGINE = ${form.enginePrefix}ReplacingMergeTree ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
    ...distributedSql(VERSION_TABLE, "version", place),
  ];
}

/**
 * The statements that make every table of this version. In a cluster each is two: a replicated one that keeps the rows of a
 * shard, and a distributed one over all shards that has the name which the queries use. They can be repeated.
 */
export function createTablesSql(place: ServerPlace): string[] {
  return (Object.keys(tables) as TableName[]).flatMap((name) => createTableOnSql(name, place));
}

/** The same for one table. */
export function createTableOnSql(name: TableName, place: ServerPlace): string[] {
  return [
    createTableSql(name, storedTable(name, place), formOf(place)),
    ...distributedSql(name, SHARDING[name], place),
  ];
}

/** The statements that remove a table of an earlier version with its rows. They can be repeated. */
export function dropTableSql(name: string, place: ServerPlace): string[] {
  const names = place.cluster === null ? [name] : [name, storedTable(name, place)];
  return names.map((each) => `DROP TABLE IF EXISTS ${each}${onCluster(place.cluster)} SYNC`);
}

/** The statements that give a column of a table another type, in a cluster also where the rows are distributed. They can be repeated. */
export function changeColumnSql(table: TableName, column: string, place: ServerPlace): string[] {
  const names = place.cluster === null ? [table] : [storedTable(table, place), table];
  return names.map((name) => `ALTER TABLE ${name}${onCluster(place.cluster)} MODIFY COLUMN ${column}`);
}

const CHANGE = /^(ALTER|OPTIMIZE) TABLE (`?)(\w+)\2(?= )/;

/**
 * A statement that changes what is stored, for the tables that keep the rows: a distributed one takes no such statement.
 * Throws RangeError for anything but ALTER TABLE and OPTIMIZE TABLE.
 */
export function toChangeSql(sql: string, place: ServerPlace): string {
  const match = CHANGE.exec(sql);
  if (match === null) throw new RangeError(`not a change of a table: ${sql}`);
  const [start, verb, , table] = match as unknown as [string, string, string, string];
  return `${verb} TABLE ${storedTable(table, place)}${onCluster(place.cluster)}${sql.slice(start.length)}`;
}

function storedTable(name: string, { cluster }: ServerPlace): string {
  return cluster === null ? name : `${name}_local`;
}

function formOf({ cluster }: ServerPlace) {
  // Path and replica name are the server's defaults, from its macros {shard} and {replica}.
  return { on: onCluster(cluster), enginePrefix: cluster === null ? "" : "Replicated" };
}

function distributedSql(name: string, shardBy: string, place: ServerPlace): string[] {
  const { database, cluster } = place;
  if (cluster === null) return [];
  const stored = storedTable(name, place);
  return [
    `CREATE TABLE IF NOT EXISTS ${name}${onCluster(cluster)} AS ${stored} ENGINE = Distributed(${cluster}, ${database}, ${stored}, ${shardBy})`,
  ];
}

function onCluster(cluster: string | null): string {
  return cluster === null ? "" : ` ON CLUSTER ${cluster}`;
}
