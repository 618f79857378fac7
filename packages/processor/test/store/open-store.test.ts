import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { folderOwner } from "../../src/store/folder-lock.ts";
import { listModels } from "../../src/store/models.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createWriter } from "../../src/store/writer.ts";
import { MONDAY_MS, prediction } from "../records.ts";

const WRITER = fileURLToPath(new URL("write-until-killed.ts", import.meta.url));

async function withFolder(use: (folder: string) => Promise<void>, name = "store"): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  try {
    await use(join(root, name));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Starts the writing process and waits until it has acknowledged some batches; returns how many, as they go on. */
async function startWriter(
  folder: string,
  batches: number,
): Promise<{ child: ChildProcess; acknowledged: () => number }> {
  const child = spawn(process.execPath, ["--conditions=tidemark-source", WRITER, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  const acknowledged = () => printed.split("\n").length - 1;
  // Leaving a loop over the stream would close it, and the writer would die of that before it is killed.
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the writer ended with ${code}`)));
    child.stdout!.on("data", (chunk) => {
      printed += String(chunk);
      if (acknowledged() >= batches) resolve();
    });
  });
  return { child, acknowledged };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

test("what was acknowledged survives kill -9, and a second process is told who has the folder", () =>
  withFolder(async (folder) => {
    const { child, acknowledged } = await startWriter(folder, 5);
    await assert.rejects(openStore(folder), (error: Error & { code?: string }) => {
      assert.equal(error.code, "TIDEMARK_STORE_LOCKED");
      assert.ok(error.message.includes(String(child.pid)) && error.message.includes(folder), error.message);
      return true;
    });
    await kill(child);
    const store = await openStore(folder);
    const [model] = await listModels(store, "default");
    assert.ok((model?.predictions ?? 0) >= acknowledged() * 10, `${model?.predictions} of ${acknowledged() * 10}`);
    await store.close();
  }));

test("the check that a killed process leaves behind is waited for", () =>
  withFolder(async (folder) => {
    await (await openStore(folder)).close();
    // The check is over in a moment: it is tried until a process is caught in it.
    for (let attempt = 0; attempt < 20; attempt++) {
      const child = spawn(process.execPath, ["--conditions=tidemark-source", WRITER, folder], { stdio: "ignore" });
      let owner = folderOwner(folder);
      for (; owner === null; owner = folderOwner(folder)) await setImmediate();
      const isChecking = owner !== child.pid;
      if (isChecking) process.kill(owner, "SIGSTOP");
      await kill(child);
      const opening = openStore(folder);
      if (isChecking) process.kill(owner, "SIGCONT");
      await (await opening).close();
      if (isChecking) return;
    }
    assert.fail("no process was caught while it checked the folder");
  }));

test("a store that was closed opens again with its rows, also in a folder whose name is a pattern", () =>
  withFolder(async (folder) => {
    for (const id of ["a", "b"]) {
      const store = await openStore(folder);
      const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => 1 });
      await writer.write({ predictions: [prediction(id, MONDAY_MS)], outcomes: [], points: [] });
      assert.equal((await listModels(store, "default"))[0]?.predictions, id === "a" ? 1 : 2);
      await store.close();
    }
  }, "we{i}rd *[1]? 'name'"));

test("closing stops a running query instead of waiting for it", () =>
  withFolder(async (folder) => {
    const store = await openStore(folder);
    const endless = store.query("SELECT count() FROM numbers(1e15) WHERE NOT ignore(sipHash64(number))");
    const stopped = assert.rejects(endless, /cancel|kill/i);
    await store.query("SELECT 1");
    const startedMs = performance.now();
    await store.close();
    await stopped;
    assert.ok(performance.now() - startedMs < 10_000);
    await assert.rejects(store.query("SELECT 1"), /closed/);
  }));

test("a damaged part is refused with its reason, and nothing is changed", () =>
  withFolder(async (folder) => {
    const store = await openStore(folder);
    const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => 1 });
    await writer.write({ predictions: [prediction("a", MONDAY_MS)], outcomes: [], points: [] });
    const [part] = await store.query<{ path: string }>(
      "SELECT path FROM system.parts WHERE table = 'prediction' AND active",
    );
    await store.close();
    truncateSync(join(part!.path, "data.bin"), 3);
    for (const attempt of [1, 2]) {
      await assert.rejects(openStore(folder), (error: Error & { code?: string }) => {
        assert.equal(error.code, "TIDEMARK_STORE_CORRUPT", `attempt ${attempt}`);
        assert.match(error.message, /broken parts/);
        assert.ok(!error.message.includes("\n"), error.message);
        return true;
      });
    }
  }));

test("a folder of a newer version is left alone", () =>
  withFolder(async (folder) => {
    const store = await openStore(folder);
    await store.query("INSERT INTO schema_version SELECT 99");
    await store.close();
    await assert.rejects(openStore(folder), { code: "TIDEMARK_STORE_CORRUPT", message: /version 99/ });
  }));

test("a folder that cannot be made is said so", () =>
  assert.rejects(openStore(join(WRITER, "store")), { code: "TIDEMARK_STORE_CORRUPT", message: /cannot make/ }));
