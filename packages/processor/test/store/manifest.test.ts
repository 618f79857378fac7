import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openStore } from "../../src/store/open-store.ts";
import { writeThreeParts } from "./write-three-parts.ts";

const root = mkdtempSync(join(tmpdir(), "tidemark-manifest-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** A closed store of three parts, and the folders of its parts. */
async function makeStore(name: string): Promise<{ folder: string; parts: string[] }> {
  const folder = join(root, name);
  const store = await openStore(folder);
  await writeThreeParts(store);
  const parts = await store.query<{ path: string }>(
    "SELECT path FROM system.parts WHERE table = 'prediction' AND active",
  );
  await store.close();
  return { folder, parts: parts.map(({ path }) => path) };
}

test("a part whose folder is gone as a whole is noticed, and the way out is said", async () => {
  const { folder, parts } = await makeStore("gone");
  rmSync(parts[0]!, { recursive: true });
  for (const attempt of [1, 2]) {
    await assert.rejects(openStore(folder), (error: Error & { code?: string; fix?: string }) => {
      assert.equal(error.code, "TIDEMARK_STORE_CORRUPT", `attempt ${attempt}`);
      assert.match(error.message, /1 parts that were stored are gone, among them \d+ rows of the table prediction/);
      assert.match(error.fix!, /tidemark restore.*parts\.json/);
      return true;
    });
  }
  rmSync(join(folder, "parts.json"));
  await (await openStore(folder)).close();
});

test("parts that were merged or removed on purpose are not missed; a torn list is written again", async () => {
  const { folder } = await makeStore("merged");
  let store = await openStore(folder);
  await store.query("OPTIMIZE TABLE prediction FINAL");
  await store.close();
  store = await openStore(folder);
  await store.execute("ALTER TABLE prediction DROP PARTITION ID '20010205'");
  await store.close();
  writeFileSync(join(folder, "parts.json"), '{"parts": [{"ta');
  store = await openStore(folder);
  await store.close();
  assert.ok(existsSync(join(folder, "parts.json")));
});
