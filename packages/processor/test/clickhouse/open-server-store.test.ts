import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { openServerStore } from "../../src/clickhouse/open-server-store.ts";
import { backupStore } from "../../src/store/backup.ts";
import { saveMeasurements } from "../../src/store/measurements.ts";
import { listModels } from "../../src/store/models.ts";
import { RowReader } from "../../src/store/row-reader.ts";
import type { Store } from "../../src/store/store.ts";
import { createWriter } from "../../src/store/writer.ts";
import { MONDAY_MS, outcome, prediction } from "../records.ts";
import { type ClickHouseFront, startClickHouseFront } from "./clickhouse-front.ts";

const PASSWORD = "it's secret";
let path: string;
let front: ClickHouseFront;
let databases = 0;
let place: Parameters<typeof openServerStore>[0];

before(async () => {
  path = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  front = await startClickHouseFront("tide", PASSWORD);
});
after(async () => {
  await front.close();
  rmSync(path, { recursive: true, force: true });
});
beforeEach(() => {
  const database = `tidemark_${databases++}`;
  place = { path: join(path, database), url: front.url, user: "tide", password: PASSWORD, database, cluster: null };
});

async function withServer(use: (store: Store) => Promise<void>): Promise<void> {
  const store = await openServerStore(place);
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

function write(store: Store, ids: readonly string[]): Promise<void> {
  const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => 1_234 });
  const predictions = ids.map((id) => prediction(id, MONDAY_MS));
  return writer.write({ predictions, outcomes: ids.map((id) => outcome(id, MONDAY_MS)), points: [] });
}

test("an insert whose answer is lost is sent again, and its rows count once", () =>
  withServer(async (store) => {
    front.loseAnswers(/^INSERT INTO (prediction|outcome) /, 3);
    await write(store, ["a", "b"]);
    const [rows] = await store.query(
      `SELECT toUInt8((SELECT count() FROM prediction FINAL)) AS predictions, toUInt8((SELECT count() FROM outcome FINAL)) AS outcomes,
        toUInt8((SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('prediction', 'outcome') AND rows > 0)) > 0 AS stored`,
    );
    assert.deepEqual(rows, { predictions: 2, outcomes: 2, stored: 1 });
    const inserts = front.statements.filter(({ sql }) => /^INSERT INTO (prediction|outcome) /.test(sql));
    assert.equal(inserts.length, 5, "three lost ones and two that were answered");
  }));

test("an insert that never gets its answer is refused, and healed by the sender's repetition", () =>
  withServer(async (store) => {
    front.loseAnswers(/^INSERT INTO prediction /, 4);
    await assert.rejects(write(store, ["a"]), (error: Error & { code?: string }) => {
      assert.equal(error.code, "TIDEMARK_STORE_UNREACHABLE");
      assert.ok(error.message.includes(front.url), error.message);
      return true;
    });
    await write(store, ["a"]);
    assert.equal((await listModels(store, "default"))[0]?.predictions, 1);
  }));

test("a database opens again with its rows; one of another version is left alone", async () => {
  await withServer((store) => write(store, ["a"]));
  await withServer(async (store) => {
    assert.equal((await listModels(store, "default"))[0]?.predictions, 1);
    const { bytes, parts, freeBytes } = await store.health();
    assert.ok(bytes > 0 && parts > 0 && freeBytes > 0);
    await store.query("SELECT 1");
    await saveMeasurements(store, []);
  });
  await withServer(async (store) => {
    const rows = await store.queryRowBinary("SELECT toFloat64(-0.1), 'it''s', CAST(NULL, 'Nullable(Float64)')");
    const reader = new RowReader(rows);
    assert.deepEqual(
      [reader.float64(), reader.string(), reader.nullableFloat64(), reader.done],
      [-0.1, "it's", null, true],
    );
    assert.deepEqual(await store.query("SELECT toUInt64(18446744073709551615) AS big, nan AS none"), [
      { big: "18446744073709551615", none: null },
    ]);
  });
  const versions = `INSERT INTO ${place.database}.schema_version SELECT 99`;
  const response = await fetch(front.url, {
    method: "POST",
    body: versions,
    headers: { authorization: `Basic ${Buffer.from(`tide:${PASSWORD}`).toString("base64")}` },
  });
  assert.equal(response.status, 200, await response.text());
  await assert.rejects(openServerStore(place), { code: "TIDEMARK_STORE_CORRUPT", message: /version 99/ });
});

test("a wrong password is told by the field to change, and is in no message", () =>
  assert.rejects(
    openServerStore({ ...place, password: "hunter2" }),
    (error: Error & { code?: string; fix?: string }) => {
      assert.equal(error.code, "TIDEMARK_STORE_UNREACHABLE");
      assert.match(error.fix ?? "", /store\.passwordFile/);
      assert.ok(!error.message.includes("hunter2"));
      return true;
    },
  ));

test("a server that is not there is told by its address", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  await new Promise((resolve) => taken.close(resolve));
  await assert.rejects(openServerStore({ ...place, url: `http://127.0.0.1:${port}` }), {
    code: "TIDEMARK_STORE_UNREACHABLE",
    message: new RegExp(`127\\.0\\.0\\.1:${port}: .*ECONNREFUSED`),
  });
});

test("an error of a statement is the server's own, once", () =>
  withServer(async (store) => {
    const sent = front.statements.length;
    await assert.rejects(store.query("SELECT nothing_of_that_name"), /nothing_of_that_name/);
    assert.equal(front.statements.length, sent + 1);
  }));

test("closing stops a running query at the server instead of waiting for it", async () => {
  const store = await openServerStore(place);
  const sent = front.statements.length;
  const endless = store.query("SELECT count() FROM numbers(1e15) WHERE NOT ignore(sipHash64(number))");
  const stopped = assert.rejects(endless, /cancelled/);
  while (front.statements.length === sent) await store.query("SELECT 1");
  await store.close();
  await stopped;
  await assert.rejects(store.query("SELECT 1"), /closed/);
});

test("an answer is written to a file; what fails leaves none", () =>
  withServer(async (store) => {
    const file = join(path, "answer.csv");
    await store.queryToFile("SELECT number AS n FROM numbers({to:UInt8})", { to: 2 }, file, "CSVWithNames");
    assert.equal(readFileSync(file, "utf8"), '"n"\n0\n1\n');
    await assert.rejects(store.queryToFile("SELECT throwIf(number = 1) FROM numbers(2)", {}, file, "CSV"));
    assert.ok(!existsSync(file));
  }));

test("inserts are never left in a server's memory, and a backup of the folder is refused", () =>
  withServer(async (store) => {
    const sent = front.statements.length;
    await write(store, ["a"]);
    const inserts = front.statements.slice(sent);
    assert.equal(inserts.length, 2);
    assert.ok(inserts.every(({ settings }) => settings["async_insert"] === "0"));
    await assert.rejects(backupStore(store, join(path, "backups"), "now", Date.now), {
      code: "TIDEMARK_BACKUP_ELSEWHERE",
    });
    assert.ok(!existsSync(join(path, "backups")));
  }));
