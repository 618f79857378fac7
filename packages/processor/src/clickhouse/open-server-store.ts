import { createWriteStream, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { TidemarkError } from "@tidemark/semconv";
import { bindParameters, type QueryParameters } from "../store/bind-parameters.ts";
import { parseRows } from "../store/parse-rows.ts";
import { quoteText } from "../store/quote.ts";
import type { Store, StoreHealth } from "../store/store.ts";
import { type TableName, tables, wireStructure } from "../store/tables.ts";
import { migrateServer } from "./migrate-server.ts";
import { FREE_SERVER, FULL_SERVER, isTransient, toServerError } from "./server-error.ts";
import { serverSettings } from "./server-settings.ts";
import { createDatabaseSql, type ServerPlace, toChangeSql } from "./server-tables.ts";

export interface ServerStoreOptions extends ServerPlace {
  /** Folder of what the processor keeps beside the rows. */
  readonly path: string;
  /** HTTP interface of the server. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Pauses before a statement that got no answer is sent again. */
const REPEAT_AFTER_MS = [100, 500, 2_000];
const REQUEST_TIMEOUT_MS = 300_000;
const CONNECTIONS = 8;

/**
 * Opens the store in a database of a ClickHouse server over HTTP, and makes the database and its tables where they are missing.
 * A statement that gets no answer is sent again: every table keeps one row of a key, so that nothing counts twice.
 * Throws TidemarkError `storeUnreachable`, `storeUnwritable`, `storeFull` or `storeCorrupt`.
 */
export async function openServerStore(options: ServerStoreOptions): Promise<Store> {
  try {
    mkdirSync(options.path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new TidemarkError("storeCorrupt", `cannot make the folder ${options.path}: ${(cause as Error).message}`, {
      cause,
      fix: "Name a folder that this user may write in store.path.",
    });
  }
  await makeDatabase(options);
  const store = new ServerStore(options);
  try {
    await migrateServer({ run: (sql) => store.run(sql), query: (sql) => store.query(sql) }, options);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A user who may not make databases can be given one. */
async function makeDatabase(options: ServerStoreOptions): Promise<void> {
  const server = new ServerStore(options, "default");
  try {
    const found = await server.query("SELECT name FROM system.databases WHERE name = {name:String}", {
      name: options.database,
    });
    if (found.length === 0 || options.cluster !== null) await server.run(createDatabaseSql(options));
  } finally {
    await server.close();
  }
}

class ServerStore implements Store {
  readonly path: string;
  readonly server: string;
  private readonly place: ServerPlace;
  private readonly client: ReturnType<typeof createClient>;
  private readonly closing = new AbortController();
  private readonly inserts = new Set<Promise<unknown>>();

  constructor(options: ServerStoreOptions, database = options.database) {
    this.path = options.path;
    this.server = options.url;
    this.place = options;
    this.client = createClient({
      url: options.url,
      username: options.user,
      password: options.password,
      database,
      request_timeout: REQUEST_TIMEOUT_MS,
      max_open_connections: CONNECTIONS,
      application: "tidemark",
      clickhouse_settings: serverSettings(options.cluster !== null),
      // What fails is thrown, and logged by whoever asked.
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  insert(table: TableName, rowBinary: readonly Uint8Array[], receivedMs: number): Promise<void> {
    const names = tables[table].columns.map((column) => column.name).join(", ");
    const received = `fromUnixTimestamp64Milli(toInt64(${Math.trunc(receivedMs)}), 'UTC')`;
    const query = `INSERT INTO ${table} (${names}, rx) SELECT ${names}, ${received} FROM input(${quoteText(wireStructure(table))}) FORMAT RowBinary`;
    return this.change(async () => {
      const values = Readable.from(rowBinary.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.length)));
      await drain((await this.client.exec({ query, values })).stream);
    });
  }

  async query<T>(sql: string, parameters: QueryParameters = {}): Promise<T[]> {
    return parseRows<T>(await this.read(sql, parameters, "JSONEachRow", drain));
  }

  queryRowBinary(sql: string, parameters: QueryParameters = {}): Promise<Uint8Array> {
    return this.read(sql, parameters, "RowBinary", drain);
  }

  async queryToFile(sql: string, parameters: QueryParameters, path: string, format: string): Promise<void> {
    try {
      await this.read(sql, parameters, format, (stream) => pipeline(stream, createWriteStream(path)));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  execute(sql: string, parameters: QueryParameters = {}): Promise<void> {
    return this.run(toChangeSql(bindParameters(sql, parameters), this.place));
  }

  /** Runs a statement as it is. */
  run(sql: string): Promise<void> {
    return this.change(async () => {
      await this.client.command({ query: sql });
    });
  }

  async health(): Promise<StoreHealth> {
    const of = (table: string) =>
      this.place.cluster === null ? `system.${table}` : `clusterAllReplicas(${this.place.cluster}, system.${table})`;
    const { database } = this.place;
    const [row] = await this.query<StoreHealth & { readonly: number }>(
      `SELECT
        (SELECT toFloat64(sum(bytes_on_disk)) FROM ${of("parts")} WHERE active AND database = {database:String}) AS bytes,
        (SELECT toUInt32(count()) FROM ${of("parts")} WHERE active AND database = {database:String}) AS parts,
        (SELECT toFloat64(min(free_space)) FROM ${of("disks")} WHERE NOT is_read_only) AS freeBytes,
        (SELECT toUInt32(count()) FROM ${of("replicas")} WHERE is_readonly AND database = {database:String}) AS readonly`,
      { database },
    );
    const { bytes = 0, parts = 0, freeBytes = 0, readonly = 0 } = row ?? {};
    if (freeBytes === 0) throw new TidemarkError("storeFull", FULL_SERVER, { fix: FREE_SERVER });
    if (readonly > 0) {
      throw new TidemarkError(
        "storeUnwritable",
        `${readonly} replicated tables of the ClickHouse server (store.url) are read-only`,
        {
          fix: "Mend the servers' connection to Keeper.",
        },
      );
    }
    return { bytes, parts, freeBytes };
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await Promise.allSettled(this.inserts);
    await this.client.close();
  }

  private async read<R>(
    sql: string,
    parameters: QueryParameters,
    format: string,
    take: (stream: Readable) => Promise<R>,
  ): Promise<R> {
    const query = `${bindParameters(sql, parameters)}\nFORMAT ${format}`;
    const { signal } = this.closing;
    try {
      return await this.repeat(async () => take((await this.client.exec({ query, abort_signal: signal })).stream));
    } catch (error) {
      throw signal.aborted ? new Error(`the query was cancelled: the store ${this.server} is closed`) : error;
    }
  }

  /** What changes something is never cancelled half-way: close() waits for it. */
  private async change(run: () => Promise<void>): Promise<void> {
    const running = this.repeat(run);
    this.inserts.add(running);
    try {
      await running;
    } finally {
      this.inserts.delete(running);
    }
  }

  private async repeat<R>(run: () => Promise<R>): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      if (attempt === 0 && this.closing.signal.aborted) throw new Error(`the store ${this.server} is closed`);
      try {
        return await run();
      } catch (error) {
        const pauseMs = REPEAT_AFTER_MS[attempt];
        if (pauseMs === undefined || this.closing.signal.aborted || !isTransient(error)) {
          throw toServerError(error, this.server);
        }
        await setTimeout(pauseMs);
      }
    }
  }
}

async function drain(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
