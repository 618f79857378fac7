import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EngineSession } from "../../src/store/engine-session.ts";
import { STORE_VERSION } from "../../src/store/migrate.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createTableSql, type TableName, tables } from "../../src/store/tables.ts";

const SCHEMAS = join(import.meta.dirname, "schemas");
const VERSIONS = Array.from({ length: STORE_VERSION }, (_, index) => index + 1);

const statementsOf = (version: number) =>
  readFileSync(join(SCHEMAS, `v${version}.sql`), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("CREATE"))
    .map((line) => line.replace(/;$/, ""));

const MARK = `CREATE TABLE schema_version (version UInt32) ENGINE = ReplacingMergeTree ORDER BY version`;

/** A folder as the program of a version left it, with a row in each of the tables that hold what was sent. */
async function makeFolder(version: number, statements: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `tidemark-v${version}-`));
  const session = new EngineSession(folder);
  const rows = [
    `INSERT INTO prediction (tenant, model, version, role, id, ts, score) VALUES ('default', 'm', '1', 'champion', 'a', '2026-01-05 00:00:00', 0.5)`,
    `INSERT INTO outcome (tenant, model, id, ots, kind, label) VALUES ('default', 'm', 'a', '2026-01-06 00:00:00', 'class', 'late')`,
    `INSERT INTO metric_point (tenant, model, version, role, metric, start, time, count) VALUES ('default', 'm', '1', 'champion', 'x', '2026-01-05 00:00:00', '2026-01-05 01:00:00', 7)`,
    `INSERT INTO profile (id, model, version, profile) VALUES ('p', 'm', '1', '{}')`,
    `INSERT INTO schema_version VALUES (${version})`,
  ];
  for (const statement of [...statements, MARK, ...rows]) await session.run(statement, {}, "Null");
  session.close();
  await EngineSession.drain();
  return folder;
}

async function assertWhole(folder: string): Promise<void> {
  const store = await openStore(folder);
  try {
    const [found] = await store.query<Record<string, unknown>>(
      `SELECT (SELECT groupArray(id) FROM prediction FINAL) AS predictions, (SELECT groupArray(label) FROM outcome FINAL) AS outcomes,
        (SELECT sum(count) FROM metric_point FINAL) AS points, (SELECT groupArray(id) FROM profile FINAL) AS profiles,
        (SELECT max(version) FROM schema_version) AS version`,
    );
    const want = { predictions: ["a"], outcomes: ["late"], points: "7", profiles: ["p"], version: STORE_VERSION };
    assert.deepEqual(found, want);
    const names = await store.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = currentDatabase()",
    );
    assert.deepEqual(names.map(({ name }) => name).sort(), [...Object.keys(tables), "schema_version"].sort());
  } finally {
    await store.close();
  }
}

for (const version of VERSIONS) {
  test(`a store of version ${version} is brought to this one with all it holds`, async () => {
    const folder = await makeFolder(version, statementsOf(version));
    try {
      await assertWhole(folder);
      await assertWhole(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test("a migration that was stopped after any of its statements goes on at the next start", async () => {
  // What a program that died between the statements of step 1 to 2 leaves behind.
  const left = [
    ["CREATE TABLE outcome_next AS outcome"],
    ["CREATE TABLE outcome_next AS outcome", "INSERT INTO outcome_next (tenant, model, id) VALUES ('torn', 'x', 'y')"],
  ];
  for (const statements of left) {
    const folder = await makeFolder(1, [...statementsOf(1), ...statements]);
    await assertWhole(folder);
    rmSync(folder, { recursive: true, force: true });
  }
});

test("predictions of more weeks than an insert may touch are taken along, also after a migration that was stopped", async () => {
  const weeks = (sign: string) => `INSERT INTO prediction (tenant, model, version, role, id, ts)
    SELECT 'default', 'm', '1', 'champion', 'a', toDateTime64('2026-01-05 00:00:00', 9, 'UTC') ${sign} INTERVAL number WEEK
    FROM numbers(90)`;
  const torn = [
    "CREATE TABLE prediction_next AS prediction",
    "INSERT INTO prediction_next (tenant, id) VALUES ('torn', 'x')",
  ];
  const folder = await makeFolder(6, [...statementsOf(6), weeks("+"), weeks("-"), ...torn]);
  const store = await openStore(folder);
  try {
    const [found] = await store.query<Record<string, unknown>>(
      "SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(ts)) AS times, groupUniqArray(id) AS ids FROM prediction FINAL",
    );
    assert.deepEqual(found, { rows: 179, times: 179, ids: ["a"] });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the tables of this version are written down, so that a later program can be tried on them", () => {
  const names = Object.keys(tables) as TableName[];
  const message = `the tables changed: raise STORE_VERSION, add a step, and write test/store/schemas/v${STORE_VERSION + 1}.sql`;
  assert.deepEqual(
    names.map((name) => createTableSql(name)),
    statementsOf(STORE_VERSION),
    message,
  );
  assert.deepEqual(readdirSync(SCHEMAS).sort(), VERSIONS.map((version) => `v${version}.sql`).sort());
});
