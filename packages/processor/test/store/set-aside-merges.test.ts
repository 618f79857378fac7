import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { openStore } from "../../src/store/open-store.ts";
import { setAsideMerges } from "../../src/store/set-aside-merges.ts";
import { writeThreeParts } from "./write-three-parts.ts";

const root = mkdtempSync(join(tmpdir(), "tidemark-merges-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** A closed store whose three parts of predictions were merged into one, of which the data is torn; and that part's folder. */
async function makeTornMerge(name: string): Promise<{ folder: string; merged: string }> {
  const folder = join(root, name);
  const store = await openStore(folder);
  await writeThreeParts(store);
  await store.execute("OPTIMIZE TABLE prediction FINAL");
  const parts = await store.query<{ path: string }>(
    "SELECT path FROM system.parts WHERE table = 'prediction' AND active AND min_block_number < max_block_number",
  );
  assert.equal(parts.length, 1);
  await store.close();
  const merged = parts[0]!.path;
  truncateSync(join(merged, "data.bin"), 3);
  return { folder, merged };
}

test("a torn merge gives way to the parts that it was made of, and no row is missing", async () => {
  const { folder, merged } = await makeTornMerge("covered");
  const store = await openStore(folder);
  const rows = await store.query<{ id: string }>("SELECT id FROM prediction FINAL ORDER BY id");
  await store.close();
  assert.deepEqual(
    rows.map(({ id }) => id),
    ["a", "b", "c"],
  );
  const detached = readdirSync(join(dirname(merged.replace(/\/$/, "")), "detached"));
  assert.ok(
    detached.some((name) => name.startsWith("ignored_")),
    detached.join(),
  );
});

test("a torn merge without one of its parts is refused, and left where it is", async () => {
  const { folder, merged } = await makeTornMerge("uncovered");
  const table = dirname(merged.replace(/\/$/, ""));
  const source = readdirSync(table).find((name) => /_(\d+)_\1_\d+$/.test(name));
  rmSync(join(table, source!), { recursive: true });
  await assert.rejects(openStore(folder), /broken parts/);
  assert.ok(readdirSync(table).includes(merged.split("/").findLast((name) => name !== "")!));
});

test("what a mutation or a drop removed does not come back", () => {
  const folder = join(root, "names");
  const table = join(folder, "store", "abc", "abc-1");
  for (const [name, rows] of [
    ...[
      ["p_1_1_0", 1],
      ["p_2_2_0", 1],
      ["p_1_2_1_3", 2],
      ["q_1_1_0", 1],
      ["q_2_2_0", 1],
      ["q_1_2_1", 0],
    ],
    ...[
      ["r_1_1_0", 1],
      ["r_3_3_0", 1],
      ["r_1_3_1", 2],
      ["s_1_1_0", 1],
      ["s_2_4_1", 3],
      ["s_1_4_2", 4],
    ],
  ] as [string, number][]) {
    mkdirSync(join(table, name), { recursive: true });
    writeFileSync(join(table, name, "count.txt"), String(rows));
  }
  mkdirSync(join(table, "detached"));
  assert.equal(setAsideMerges(folder), 1);
  assert.deepEqual(readdirSync(join(table, "detached")), ["ignored_s_1_4_2"]);
});
