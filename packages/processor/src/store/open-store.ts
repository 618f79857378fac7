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
import { migrate } from "./migrate.ts";
import { quoteText } from "./quote.ts";
import type { Store, StoreHealth } from "./store.ts";
import { type TableName, tables, wireStructure } from "./tables.ts";

const READERS = 2;
const KILL_INTERVAL_MS = 20;
/** `file()` reads these as patterns. */
const GLOB = /[*?{}[\]]/;

/**
 * Opens the embedded store in a folder, makes or migrates its tables, and locks the folder for this process.
 * A process can have one folder open. Throws TidemarkError `storeLocked`, `storeCorrupt` or `storeFull`.
 */
export async function openStore(path: string): Promise<Store> {
  const folder = resolve(path);
  await checkFolder(folder);
  let writer: EngineSession;
  try {
    writer = new EngineSession(folder);
  } catch (error) {
    throw new TidemarkError("storeCorrupt", `the data folder ${folder} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    await migrate(writer, folder);
    const store = new EmbeddedStore(folder, writer);
    await store.start();
    return store;
  } catch (error) {
    writer.close();
    await EngineSession.drain();
    throw toStoreError(error, folder);
  }
}

class EmbeddedStore implements Store {
  readonly path: string;
  private readonly writer: EngineSession;
  private readonly readers: readonly EngineSession[];
  private readonly incoming: string;
  private readonly tableFolders = new Map<string, string>();
  private files = 0;
  private closing = false;

  constructor(path: string, writer: EngineSession) {
    this.path = path;
    this.writer = writer;
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
  }

  async insert(table: TableName, rowBinary: readonly Uint8Array[], receivedMs: number): Promise<void> {
    this.assertOpen();
    const file = join(this.incoming, `${table}-${this.files++}.bin`);
    const names = tables[table].columns.map((column) => column.name).join(", ");
    const source = `file(${quoteText(file)}, 'RowBinary', ${quoteText(wireStructure(table))})`;
    const received = `fromUnixTimestamp64Milli(toInt64(${Math.trunc(receivedMs)}), 'UTC')`;
    try {
      await writePieces(file, rowBinary);
      await this.writer.run(
        `INSERT INTO ${table} (${names}, rx) SELECT ${names}, ${received} FROM ${source}`,
        {},
        "Null",
      );
      await syncFolder(this.tableFolders.get(table));
    } catch (error) {
      throw toStoreError(error, this.path);
    } finally {
      await rm(file, { force: true });
    }
  }

  async query<T>(sql: string, parameters: QueryParameters = {}): Promise<T[]> {
    const bytes = await this.read(sql, parameters, "JSONEachRow");
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    return text.length === 0 ? [] : (JSON.parse(`[${text.trimEnd().replaceAll("\n", ",")}]`) as T[]);
  }

  queryRowBinary(sql: string, parameters: QueryParameters = {}): Promise<Uint8Array> {
    return this.read(sql, parameters, "RowBinary");
  }

  async queryToFile(sql: string, parameters: QueryParameters, path: string, format: string): Promise<void> {
    await this.read(`${sql} INTO OUTFILE ${quoteText(resolve(path))} TRUNCATE FORMAT ${format}`, parameters, format);
  }

  async health(): Promise<StoreHealth> {
    const [row] = await this.query<{ bytes: number; parts: number }>(
      "SELECT toFloat64(sum(bytes_on_disk)) AS bytes, toUInt32(count()) AS parts FROM system.parts WHERE active AND database = currentDatabase()",
    );
    const disk = statfsSync(this.path);
    return { bytes: row?.bytes ?? 0, parts: row?.parts ?? 0, freeBytes: disk.bavail * disk.bsize };
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await this.writer.run("SELECT 1", {}, "Null");
    for (const reader of this.readers) reader.stop();
    // A query that has just begun may not be on the engine's list yet: ask until none runs.
    while (this.readers.some((reader) => reader.load > 0)) {
      await this.writer.run("KILL QUERY WHERE query_id != queryID() ASYNC", {}, "Null");
      await setTimeout(KILL_INTERVAL_MS);
    }
    for (const session of [this.writer, ...this.readers]) session.close();
    await EngineSession.drain();
    rmSync(this.incoming, { recursive: true, force: true });
  }

  private async read(sql: string, parameters: QueryParameters, format: string): Promise<Uint8Array> {
    this.assertOpen();
    const [first, ...others] = this.readers as [EngineSession, ...EngineSession[]];
    const idle = others.reduce((best, session) => (session.load < best.load ? session : best), first);
    try {
      return await idle.run(sql, parameters, format);
    } catch (error) {
      throw toStoreError(error, this.path);
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

/** The engine syncs a part and its folder, but not the table's folder that holds the part's name. */
async function syncFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
