import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createMaintenance } from "../../src/store/maintenance.ts";
import type { Store } from "../../src/store/store.ts";

const CUT = { receivedMs: 1, eventMs: 1 };
const OLD = {
  cut: { records: CUT, results: CUT },
  kept: { longestWindows: [], charted: [], profileIds: [], streams: [] },
};

test("nothing is erased or removed while a backup counts and copies", async (t) => {
  const backups = mkdtempSync(join(tmpdir(), "tidemark-maintenance-"));
  t.after(() => rmSync(backups, { recursive: true }));
  const ran: string[] = [];
  const run = async (sql: string) => {
    const [verb = ""] = sql.trim().split(/\s/);
    ran.push(`${verb} begins`);
    await setImmediate();
    await setImmediate();
    ran.push(`${verb} ends`);
    return sql.includes("_partition_id") ? [{ partition: "1", rows: 2 }] : [];
  };
  const store = { path: backups, server: null, query: run, execute: run } as unknown as Store;
  const maintenance = createMaintenance(store, { backups, now: () => 0 });
  await Promise.all([
    maintenance.backup("one"),
    maintenance.erase({ tenant: "default", model: "m" }, ["a"]),
    maintenance.removeOld(OLD),
    maintenance.backup("two"),
  ]);
  const changes = ran.flatMap((step, index) => (step.startsWith("ALTER") ? [index] : []));
  assert.ok(changes.length >= 6, ran.join());
  const [firstEnd, secondBegin] = [ran.indexOf("BACKUP ends"), ran.lastIndexOf("BACKUP begins")];
  assert.ok(
    changes.every((index) => index > firstEnd && index < secondBegin),
    ran.join(),
  );
});

test("what fails does not keep the next from its turn", async () => {
  const store = {
    path: "/nowhere",
    query: async () => [],
    execute: async () => Promise.reject(new Error("disk")),
  } as unknown as Store;
  const maintenance = createMaintenance(store, { backups: "/nowhere", now: () => 0 });
  const failed = assert.rejects(maintenance.erase({ tenant: "default", model: "m" }, ["a"]), /disk/);
  assert.deepEqual(await maintenance.removeOld(OLD), { rows: {} });
  await failed;
});
