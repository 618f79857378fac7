import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { TidemarkError } from "@tidemark/semconv";
import { z } from "zod";
import { restoreNames, syncPath } from "./finish-restore.ts";
import { folderOwner } from "./folder-lock.ts";
import { STORE_VERSION } from "./migrate.ts";
import { openStore } from "./open-store.ts";
import { quoteName, quoteText } from "./quote.ts";
import type { Store } from "./store.ts";

const descriptionSchema = z.object({
  format: z.literal("tidemark.backup/1"),
  /** When it was begun, ISO 8601 UTC: what was acknowledged before is in it. */
  time: z.iso.datetime(),
  /** Version of the tables in it. */
  version: z.number().int(),
  /** Rows by table that are in it at least. */
  rows: z.record(z.string(), z.number()),
});

export type BackupDescription = z.infer<typeof descriptionSchema>;

const DESCRIPTION = "backup.json";
/** Where the engine's own backup lies inside. */
const ENGINE = "store";
const AUDIT = "audit.jsonl";

/**
 * Writes a copy of everything into a new folder `name` inside `backups`, which the store was opened with; the processor
 * goes on meanwhile. Complete once `backup.json` is in it, which is written last. Throws TidemarkError `usage` where the
 * folder is there already, and `backupElsewhere` where a ClickHouse server holds the rows.
 */
export async function backupStore(
  store: Store,
  backups: string,
  name: string,
  now: () => number,
): Promise<BackupDescription> {
  if (store.server !== null) {
    throw new TidemarkError("backupElsewhere", `the rows are in the ClickHouse server at ${store.server}`);
  }
  const folder = resolve(backups, name);
  if (existsSync(folder)) throw new TidemarkError("usage", `the backup ${folder} is there already`);
  const time = new Date(now()).toISOString();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const names = await tableNames(store);
    // Before the copy is made, and with FINAL: rows may only come, and merging takes none.
    const rows = await countRows(store, names);
    const tables = names.map((table) => `TABLE ${quoteName(table)}`).join(", ");
    await store.query(`BACKUP ${tables} TO File(${quoteText(join(folder, ENGINE))})`);
    const audit = join(store.path, AUDIT);
    if (existsSync(audit)) copyFileSync(audit, join(folder, AUDIT));
    await syncAll(folder);
    const description: BackupDescription = { format: "tidemark.backup/1", time, version: STORE_VERSION, rows };
    await writeDurably(join(folder, DESCRIPTION), `${JSON.stringify(description)}\n`);
    return description;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What a backup says of itself. Throws TidemarkError `backupInvalid` for a folder that is no complete backup. */
export function readBackup(folder: string): BackupDescription {
  try {
    return descriptionSchema.parse(JSON.parse(readFileSync(join(folder, DESCRIPTION), "utf8")));
  } catch (cause) {
    throw new TidemarkError("backupInvalid", `${folder} is no complete backup: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Makes a data folder from a backup and brings it to the tables of this program. Nothing stands at `path` until all is
 * checked; what stood there is moved to `PATH.before-...`, whose name is returned, or null where nothing stood.
 * Throws TidemarkError `backupInvalid`, also where fewer rows came back than were backed up, and `storeLocked` where a process
 * has opened the folder meanwhile.
 */
export async function restoreStore(backup: string, path: string, now: () => number): Promise<string | null> {
  const { rows, version } = readBackup(backup);
  if (version > STORE_VERSION) {
    const fix = "Run the newer tidemark that wrote it.";
    const message = `${backup} has tables of version ${version}; this program knows versions up to ${STORE_VERSION}`;
    throw new TidemarkError("backupInvalid", message, { fix });
  }
  const target = resolve(path);
  const stamp = createHash("sha256").update(`${target} ${now()}`).digest("hex").slice(0, 8);
  const { before, beside } = restoreNames(target, stamp);
  try {
    await fill(beside, resolve(backup), rows);
    const audit = join(backup, AUDIT);
    if (existsSync(audit)) copyFileSync(audit, join(beside, AUDIT));
    await syncAll(beside);
    const owner = folderOwner(target);
    if (owner !== null) {
      throw new TidemarkError("storeLocked", `process ${owner} has opened the data folder ${target} meanwhile`);
    }
    const isReplaced = existsSync(target);
    // A process that dies between the two leaves no folder: finishRestore() makes up for it at the next start.
    if (isReplaced) renameSync(target, before);
    renameSync(beside, target);
    await syncPath(dirname(target));
    return isReplaced ? before : null;
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
}

/** Opens a new store, takes the backed-up rows in place of its empty tables, and lets it close: the next open migrates. */
async function fill(folder: string, backup: string, expected: Readonly<Record<string, number>>): Promise<void> {
  const store = await openStore(folder, { backups: backup });
  try {
    for (const table of await tableNames(store)) await store.execute(`DROP TABLE ${quoteName(table)} SYNC`);
    const tables = Object.keys(expected).map((table) => `TABLE ${quoteName(table)}`);
    await store.execute(`RESTORE ${tables.join(", ")} FROM File(${quoteText(join(backup, ENGINE))})`);
    const found = await countRows(store, Object.keys(expected));
    for (const [table, rows] of Object.entries(expected)) {
      if ((found[table] ?? 0) < rows) {
        throw new TidemarkError("backupInvalid", `${found[table]} of ${rows} rows of the table ${table} came back`);
      }
    }
  } finally {
    await store.close();
  }
}

async function tableNames(store: Store): Promise<string[]> {
  const rows = await store.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

/** Rows by table, repeated records once. */
async function countRows(store: Store, names: readonly string[]): Promise<Record<string, number>> {
  const counted = await store.query<{ name: string; rows: number }>(
    names
      .map((name) => `SELECT ${quoteText(name)} AS name, toFloat64(count()) AS rows FROM ${quoteName(name)} FINAL`)
      .join(" UNION ALL "),
  );
  return Object.fromEntries(counted.map(({ name, rows }) => [name, rows]));
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncPath(dirname(path));
}

/** The engine does not sync what it backs up. */
async function syncAll(folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    await syncPath(join(entry.parentPath, entry.name));
  }
  await syncPath(folder);
}
