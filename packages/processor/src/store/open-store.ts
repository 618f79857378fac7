import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { TidemarkError } from "@tidemark/semconv";
import type { QueryParameters } from "./bind-parameters.ts";
import { checkFolder } from "./check-folder.ts";
import { toStoreError } from "./engine-error.ts";
import { EngineSession } from "./engine-session.ts";
import { finishRestore, syncPath } from "./finish-restore.ts";
import { checkManifest, forgetManifest, listParts } from "./manifest.ts";
import { migrate } from "./migrate.ts";
import { parseRows } from "./parse-rows.ts";
import { PartList } from "./part-list.ts";
import { quoteText } from "./quote.ts";
import type { Store, StoreHealth } from "./store.ts";
import { type TableName, tables, wireStructure } from "./tables.ts";

export interface StoreOptions {
  /** Folder that `BACKUP` and `RESTORE` may use. */
  readonly backups?: string;
}

const READERS = 2;
/** The list of parts is written at most this often while rows come in. */
const MANIFEST_INTERVAL_MS = 10_000;
/** About what a small commit takes. */
const TRIAL = new Uint8Array(256 * 1024);
const KILL_INTERVAL_MS = 20;
/** `file()` reads these as patterns. */
const GLOB = /[*?{}[\]]/;

/**
 * Opens the embedded store in a folder, makes or migrates its tables, and locks the folder for this process.
 * A process can have one folder open. Throws TidemarkError `storeLocked`, `storeCorrupt` or `storeFull`.
 */
export async function openStore(path: string, { backups }: StoreOptions = {}): Promise<Store> {
  const folder = resolve(path);
  await finishRestore(folder);
  await checkFolder(folder);
  let writer: EngineSession;
  try {
    writer = new EngineSession(folder, backups === undefined ? undefined : resolve(backups));
  } catch (error) {
    throw new TidemarkError("storeCorrupt", `the data folder ${folder} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
  let store: EmbeddedStore | null = null;
  try {
    checkManifest(folder, await listParts(writer));
    await migrate(writer, folder, () => forgetManifest(folder));
    store = new EmbeddedStore(folder, writer);
    await store.start();
    return store;
  } catch (error) {
    store?.closeSessions();
    writer.close();
    await EngineSession.drain();
    throw toStoreError(error);
  }
}

class EmbeddedStore implements Store {
  readonly path: string;
  readonly server = null;
  private readonly writer: EngineSession;
  private readonly readers: readonly EngineSession[];
  private readonly parts: PartList;
  private readonly incoming: string;
  private readonly tableFolders = new Map<string, string>();
  private files = 0;
  private closing = false;

  constructor(path: string, writer: EngineSession) {
    this.path = path;
    this.writer = writer;
    this.parts = new PartList(path, writer);
    this.readers = Array.from({ length: READERS }, () => new EngineSession(path));
    this.incoming = GLOB.test(path) ? mkdtempSync(join(tmpdir(), "tidemark-incoming-")) : join(path, "incoming");
  }

  async start(): Promise<void> {
    await rm(this.incoming, { recursive: true, force: true });
    await mkdir(this.incoming);
    const found = await this.query<{ name: string; folder: string }>(
      "SELECT name, data_paths[1] AS folder FROM system.tables WHERE database = currentDatabase()",
    );
    for (const { name, folder } of found) this.tableFolders.set(name, folder);
    const missing = Object.keys(tables).filter((name) => !this.tableFolders.has(name));
    if (missing.length > 0) {
      throw new TidemarkError("storeCorrupt", `the data folder ${this.path} lacks the table ${missing.join(", ")}`);
    }
    await this.parts.note(0);
  }

  async insert(table: TableName, rowBinary: readonly Uint8Array[], receivedMs: number): Promise<void> {
    this.assertOpen();
    const file = join(this.incoming, `${table}-${this.files++}.bin`);
    const names = tables[table].columns.map((column) => column.name).join(", ");
    const source = `file(${quoteText(file)}, 'RowBinary', ${quoteText(wireStructure(table))})`;
    const received = `fromUnixTimestamp64Milli(toInt64(${Math.trunc(receivedMs)}), 'UTC')`;
    try {
      await this.parts.note(MANIFEST_INTERVAL_MS);
      await writePieces(file, rowBinary);
      await this.writer.run(
        `INSERT INTO ${table} (${names}, rx) SELECT ${names}, ${received} FROM ${source}`,
        {},
        "Null",
      );
      // The engine syncs a part and its folder, but not the table's folder that holds the part's name.
      await syncPath(this.tableFolders.get(table)!);
    } catch (error) {
      throw toStoreError(error);
    } finally {
      await rm(file, { force: true });
    }
  }

  async query<T>(sql: string, parameters: QueryParameters = {}): Promise<T[]> {
    return parseRows<T>(await this.read(sql, parameters, "JSONEachRow"));
  }

  queryRowBinary(sql: string, parameters: QueryParameters = {}): Promise<Uint8Array> {
    return this.read(sql, parameters, "RowBinary");
  }

  async queryToFile(sql: string, parameters: QueryParameters, path: string, format: string): Promise<void> {
    await this.read(`${sql} INTO OUTFILE ${quoteText(resolve(path))} TRUNCATE FORMAT ${format}`, parameters, format);
  }

  async execute(sql: string, parameters: QueryParameters = {}): Promise<void> {
    this.assertOpen();
    // What the statement removes must not be missed if the process dies before the list is written again.
    this.parts.forget();
    try {
      await this.writer.run(sql, parameters, "Null");
    } catch (error) {
      throw toStoreError(error);
    }
    await this.parts.note(0);
  }

  async health(): Promise<StoreHealth> {
    const [row] = await this.query<{ bytes: number; parts: number }>(
      "SELECT toFloat64(sum(bytes_on_disk)) AS bytes, toUInt32(count()) AS parts FROM system.parts WHERE active AND database = currentDatabase()",
    );
    await this.tryWriting();
    const disk = statfsSync(this.path);
    return { bytes: row?.bytes ?? 0, parts: row?.parts ?? 0, freeBytes: disk.bavail * disk.bsize };
  }

  /** Throws where a record that came now could not be stored. */
  private async tryWriting(): Promise<void> {
    const file = join(this.incoming, `try-${this.files++}`);
    try {
      await writePieces(file, [TRIAL]);
      await syncPath(this.incoming);
    } catch (error) {
      throw toStoreError(error);
    } finally {
      await rm(file, { force: true });
    }
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await this.writer.run("SELECT 1", {}, "Null");
    await this.parts.note(0).catch(() => this.parts.forget());
    for (const reader of this.readers) reader.stop();
    // A query that has just begun may not be on the engine's list yet: ask until none runs.
    while (this.readers.some((reader) => reader.load > 0)) {
      await this.writer.run("KILL QUERY WHERE query_id != queryID() ASYNC", {}, "Null");
      await setTimeout(KILL_INTERVAL_MS);
    }
    this.closeSessions();
    await EngineSession.drain();
    rmSync(this.incoming, { recursive: true, force: true });
  }

  closeSessions(): void {
    for (const session of [this.writer, ...this.readers]) session.close();
  }

  private async read(sql: string, parameters: QueryParameters, format: string): Promise<Uint8Array> {
    this.assertOpen();
    const [first, ...others] = this.readers as [EngineSession, ...EngineSession[]];
    const idle = others.reduce((best, session) => (session.load < best.load ? session : best), first);
    try {
      return await idle.run(sql, parameters, format);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  private assertOpen(): void {
    if (this.closing) throw new Error(`the store ${this.path} is closed`);
  }
}

async function writePieces(file: string, pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, "wx");
  try {
    for (const piece of pieces) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
}
