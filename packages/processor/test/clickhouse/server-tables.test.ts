import assert from "node:assert/strict";
import { test } from "node:test";
import { migrateServer } from "../../src/clickhouse/migrate-server.ts";
import { serverSettings } from "../../src/clickhouse/server-settings.ts";
import { createDatabaseSql, createTablesSql, toChangeSql } from "../../src/clickhouse/server-tables.ts";
import { STORE_VERSION } from "../../src/store/migrate.ts";
import { createTableSql, type TableName, tables } from "../../src/store/tables.ts";

const CLUSTER = { database: "ml", cluster: "main" };
const ALONE = { database: "ml", cluster: null };
const NAMES = Object.keys(tables) as TableName[];

test("one server has the tables of the embedded engine", () => {
  assert.equal(createDatabaseSql(ALONE), "CREATE DATABASE IF NOT EXISTS ml");
  assert.deepEqual(
    createTablesSql(ALONE),
    NAMES.map((name) => createTableSql(name)),
  );
});

test("a cluster has each table twice: replicated under another name, and distributed under the queries' own", () => {
  assert.equal(createDatabaseSql(CLUSTER), "CREATE DATABASE IF NOT EXISTS ml ON CLUSTER main");
  const statements = createTablesSql(CLUSTER);
  assert.equal(statements.length, 2 * NAMES.length);
  NAMES.forEach((name, index) => {
    const [stored, distributed] = statements.slice(2 * index, 2 * index + 2) as [string, string];
    assert.equal(
      stored,
      createTableSql(name)
        .replace(`NOT EXISTS ${name} (`, `NOT EXISTS ${name}_local ON CLUSTER main (`)
        .replace("ENGINE = Replacing", "ENGINE = ReplicatedReplacing"),
    );
    assert.ok(stored.includes(" ENGINE = ReplicatedReplacingMergeTree"));
    assert.match(
      distributed,
      new RegExp(
        `^CREATE TABLE IF NOT EXISTS ${name} ON CLUSTER main AS ${name}_local ENGINE = Distributed\\(main, ml, ${name}_local, .+\\)$`,
      ),
    );
  });
  assert.ok(
    statements.includes(
      "CREATE TABLE IF NOT EXISTS prediction ON CLUSTER main AS prediction_local ENGINE = Distributed(main, ml, prediction_local, cityHash64(tenant, model, id))",
    ),
  );
});

test("rows of one key share a shard: what a table is sharded by is part of its key", () => {
  for (const name of NAMES) {
    const [, shardBy] = new RegExp(` AS ${name}_local .*_local, (.*)\\)$`, "m").exec(
      createTablesSql(CLUSTER).join("\n"),
    )!;
    const columns = shardBy!.replace(/^cityHash64\((.*)\)$/, "$1").split(", ");
    const key = tables[name].orderBy.split(", ");
    for (const column of columns) assert.ok(key.includes(column), `${name} is sharded by ${column}`);
  }
});

test("what changes rows goes to the tables that keep them, on every server", () => {
  const erase = "ALTER TABLE prediction DELETE WHERE id IN ('a') SETTINGS mutations_sync = 2";
  assert.equal(toChangeSql(erase, ALONE), erase);
  assert.equal(
    toChangeSql(erase, CLUSTER),
    "ALTER TABLE prediction_local ON CLUSTER main DELETE WHERE id IN ('a') SETTINGS mutations_sync = 2",
  );
  assert.equal(
    toChangeSql("ALTER TABLE `metric_point` DROP PARTITION ID '20260105'", CLUSTER),
    "ALTER TABLE metric_point_local ON CLUSTER main DROP PARTITION ID '20260105'",
  );
  assert.equal(
    toChangeSql("OPTIMIZE TABLE explanation FINAL", CLUSTER),
    "OPTIMIZE TABLE explanation_local ON CLUSTER main FINAL",
  );
  assert.throws(() => toChangeSql("DROP TABLE prediction SYNC", CLUSTER), RangeError);
});

test("a cluster's database is made on every server and its version is noted last; one that is made is left alone", async () => {
  const run: string[] = [];
  let version = 0;
  const server = {
    run: async (sql: string) => void run.push(sql),
    query: async <T>() => [{ version }] as T[],
  };
  await migrateServer(server, CLUSTER);
  const creations = run.slice(0, -1);
  assert.equal(creations.length, 2 * (NAMES.length + 1));
  assert.ok(creations.every((sql) => /^CREATE TABLE IF NOT EXISTS \w+ ON CLUSTER main /.test(sql)));
  assert.equal(run.at(-1), `INSERT INTO schema_version SELECT ${STORE_VERSION}`);
  version = STORE_VERSION;
  run.length = 0;
  await migrateServer(server, CLUSTER);
  assert.ok(
    run.every((sql) => sql.includes("schema_version") && sql.startsWith("CREATE")),
    run.join("\n"),
  );
});

test("a server of an earlier version is brought to this one, in a cluster also where rows are distributed; of an unknown one it is left", async () => {
  const statementsFrom = async (version: number, place: typeof CLUSTER | typeof ALONE) => {
    const run: string[] = [];
    const server = { run: async (sql: string) => void run.push(sql), query: async <T>() => [{ version }] as T[] };
    await migrateServer(server, place);
    return run.filter((sql) => !sql.startsWith("CREATE"));
  };
  assert.deepEqual(await statementsFrom(9, ALONE), [
    "INSERT INTO schema_version SELECT 10",
    "ALTER TABLE measurement MODIFY COLUMN revision UInt64",
    "INSERT INTO schema_version SELECT 11",
    "DROP TABLE IF EXISTS evaluation SYNC",
    "INSERT INTO schema_version SELECT 12",
    "INSERT INTO schema_version SELECT 13",
  ]);
  assert.deepEqual(await statementsFrom(10, CLUSTER), [
    "ALTER TABLE measurement_local ON CLUSTER main MODIFY COLUMN revision UInt64",
    "ALTER TABLE measurement ON CLUSTER main MODIFY COLUMN revision UInt64",
    "INSERT INTO schema_version SELECT 11",
    "DROP TABLE IF EXISTS evaluation ON CLUSTER main SYNC",
    "DROP TABLE IF EXISTS evaluation_local ON CLUSTER main SYNC",
    "INSERT INTO schema_version SELECT 12",
    "INSERT INTO schema_version SELECT 13",
  ]);
  for (const unknown of [8, STORE_VERSION + 1]) {
    await assert.rejects(statementsFrom(unknown, ALONE), { code: "TIDEMARK_STORE_CORRUPT" });
  }
});

test("an insert into a cluster is answered by a majority of each shard, and what is read has it", () => {
  const settings = serverSettings(true);
  assert.equal(settings.insert_quorum, "auto");
  // The engine takes the two together only where quorum inserts come one after the other.
  assert.deepEqual([settings.insert_quorum_parallel, settings.select_sequential_consistency], [0, "1"]);
  assert.equal(settings.distributed_foreground_insert, 1);
  assert.equal(serverSettings(false).insert_quorum, undefined);
});
