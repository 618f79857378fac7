import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { backupStore, readBackup, restoreStore } from "../../src/store/backup.ts";
import { listModels } from "../../src/store/models.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createWriter } from "../../src/store/writer.ts";
import { MONDAY_MS, prediction } from "../records.ts";

const root = mkdtempSync(join(tmpdir(), "tidemark-backup-"));
after(() => rmSync(root, { recursive: true, force: true }));
const backups = join(root, "back ups & more");
const now = () => Date.UTC(2026, 10, 25);

async function withStore(folder: string, use: (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>) {
  const store = await openStore(folder, { backups });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function write(folder: string, ids: readonly string[], meanwhile?: () => Promise<unknown>): Promise<void> {
  await withStore(folder, async (store) => {
    const writer = createWriter(store, { maxQueuedBytes: 1e6, now });
    const predictions = ids.map((id) => prediction(id, MONDAY_MS, { vectors: { text: Float32Array.of(1, 2) } }));
    await writer.write({ predictions, outcomes: [], points: [] });
    await meanwhile?.();
  });
}

async function count(folder: string): Promise<number> {
  let found = 0;
  await withStore(folder, async (store) => {
    found = (await listModels(store, "default"))[0]?.predictions ?? 0;
  });
  return found;
}

test("what was stored before a backup is there after a restore, and what stood in its place is kept", async () => {
  const data = join(root, "data");
  await write(data, ["a", "b"]);
  await withStore(data, async (store) => {
    writeFileSync(join(data, "audit.jsonl"), '{"seq":1}\n');
    const made = await backupStore(store, backups, "one", now);
    assert.deepEqual([made.rows["prediction"], made.rows["vector"]], [2, 2]);
    assert.equal(made.time, "2026-11-25T00:00:00.000Z");
    await assert.rejects(backupStore(store, backups, "one", now), { code: "TIDEMARK_USAGE" });
  });
  await write(data, ["c"]);
  assert.equal(await count(data), 3);
  const before = await restoreStore(join(backups, "one"), data, now);
  assert.equal(await count(data), 2);
  await withStore(data, async (store) => {
    assert.deepEqual(await store.query("SELECT id, values FROM vector FINAL ORDER BY id"), [
      { id: "a", values: [[1, 2]] },
      { id: "b", values: [[1, 2]] },
    ]);
  });
  assert.equal(readFileSync(join(data, "audit.jsonl"), "utf8"), '{"seq":1}\n');
  assert.equal(await count(before!), 3);
  // A restored store is like any other: it is written, backed up and restored.
  await write(data, ["d"]);
  await withStore(data, async (store) => void (await backupStore(store, backups, "two", now)));
  assert.equal(await restoreStore(join(backups, "two"), join(root, "elsewhere"), now), null);
  assert.equal(await count(join(root, "elsewhere")), 3);
});

test("a backup that is not complete is not restored, and nothing is changed", async () => {
  const data = join(root, "kept");
  await write(data, ["a", "b", "c"]);
  await withStore(data, async (store) => void (await backupStore(store, backups, "torn", now)));
  const folder = join(backups, "torn");
  const description = readFileSync(join(folder, "backup.json"), "utf8");
  const f = async (change: string, code: string) => {
    writeFileSync(join(folder, "backup.json"), change);
    await assert.rejects(restoreStore(folder, data, now), (error: Error & { code?: string }) => {
      assert.equal(error.code ?? error.constructor.name, code, error.message);
      return true;
    });
    assert.deepEqual(
      readdirSync(root).filter((name) => name.startsWith("kept")),
      ["kept"],
    );
  };
  await f("{", "TIDEMARK_BACKUP_INVALID");
  await f(description.replace('"version":', '"version":99, "x":'), "TIDEMARK_BACKUP_INVALID");
  await f(description.replace('"prediction":3', '"prediction":4'), "TIDEMARK_BACKUP_INVALID");
  rmSync(join(folder, "backup.json"));
  assert.throws(() => readBackup(folder), { code: "TIDEMARK_BACKUP_INVALID" });
  assert.equal(await count(data), 3);
  assert.ok(existsSync(data));
});

test("a restore that died between moving the old folder and putting the new one in its place is finished at the start", async () => {
  const data = join(root, "moved");
  await write(data, ["a", "b"]);
  await withStore(data, async (store) => void (await backupStore(store, backups, "moved", now)));
  await write(data, ["c"]);
  const before = await restoreStore(join(backups, "moved"), data, now);
  renameSync(data, before!.replace(".before-", ".restoring-"));
  // A folder that was being filled when an earlier restore died is not taken for it.
  mkdirSync(`${data}.restoring-00000000`);
  assert.equal(await count(data), 2);
  assert.equal(await count(before!), 3);
});

test("a folder that a processor opened while it was being restored is left as it is", async () => {
  const data = join(root, "taken");
  await write(data, ["a"]);
  await withStore(data, async (store) => void (await backupStore(store, backups, "taken", now)));
  const script = new URL("write-until-killed.ts", import.meta.url).pathname;
  const owner = spawn(process.execPath, ["--conditions=tidemark-source", script, data], {
    stdio: ["ignore", "pipe", 2],
  });
  try {
    await once(owner.stdout!, "data");
    await assert.rejects(restoreStore(join(backups, "taken"), data, now), { code: "TIDEMARK_STORE_LOCKED" });
  } finally {
    owner.kill("SIGKILL");
    await once(owner, "exit");
  }
  const beside = readdirSync(root).filter((name) => name.startsWith("taken"));
  assert.deepEqual(beside, ["taken"]);
});

test("a data folder that is made is for its user alone", async () => {
  const data = join(root, "private");
  await write(data, ["a"]);
  assert.equal(statSync(data).mode & 0o777, 0o700);
});
