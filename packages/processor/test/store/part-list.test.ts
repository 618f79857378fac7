import assert from "node:assert/strict";
import fs, { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { EngineSession } from "../../src/store/engine-session.ts";
import { PartList } from "../../src/store/part-list.ts";

test("a list that was asked for before a removal is not written after it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-parts-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "parts.json");
  const answers: (() => void)[] = [];
  const session = {
    run: () => new Promise((resolve) => answers.push(() => resolve(Buffer.from("")))),
  } as unknown as EngineSession;
  const parts = new PartList(folder, session);
  const first = parts.note(0);
  answers.shift()!();
  await first;
  assert.ok(existsSync(path));
  const before = parts.note(0);
  parts.forget();
  answers.shift()!();
  await before;
  assert.equal(existsSync(path), false, "the list before the removal would be missed after a crash");
  const after = parts.note(0);
  answers.shift()!();
  await after;
  assert.ok(existsSync(path));
});

test("that the list is gone, or is there, is on disk before anything goes on", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-parts-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const synced: number[] = [];
  const { fsyncSync } = fs;
  t.mock.method(fs, "fsyncSync", (handle: number) => {
    synced.push(fs.fstatSync(handle).ino);
    fsyncSync(handle);
  });
  syncBuiltinESMExports();
  t.after(() => syncBuiltinESMExports());
  const session = { run: async () => Buffer.from("") } as unknown as EngineSession;
  const parts = new PartList(folder, session);
  const { ino } = statSync(folder);
  await parts.note(0);
  assert.equal(synced.splice(0).at(-1), ino);
  parts.forget();
  assert.deepEqual(synced, [ino]);
});
