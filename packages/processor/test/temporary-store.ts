import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openServerStore } from "../src/clickhouse/open-server-store.ts";
import { openStore } from "../src/store/open-store.ts";
import type { Store } from "../src/store/store.ts";
import { createWriter, type IngestBatch, type Writer } from "../src/store/writer.ts";
import { startClickHouseFront } from "./clickhouse/clickhouse-front.ts";

export interface TemporaryStore {
  readonly store: Store;
  readonly writer: Writer;
  /** Writes one batch; what is left out is empty. */
  write(batch: Partial<IngestBatch>): Promise<void>;
}

/** Runs a test with a store of its own, which is removed afterwards. A process has one store open at a time. */
export function withStore(run: (temporary: TemporaryStore) => Promise<void>): Promise<void> {
  return withFolder((path) => use(() => openStore(path), run));
}

/** A test of what every store must do: once on the embedded engine, once over HTTP. */
export function testStores(name: string, run: (temporary: TemporaryStore) => Promise<void>): void {
  test(name, () => withStore(run));
  test(`${name}, over HTTP`, () => withServerStore(run));
}

function withServerStore(run: (temporary: TemporaryStore) => Promise<void>): Promise<void> {
  return withFolder(async (path) => {
    const front = await startClickHouseFront("tide", "it's secret");
    const { url } = front;
    const place = { path, url, user: "tide", password: "it's secret", database: "tidemark", cluster: null };
    try {
      await use(() => openServerStore(place), run);
    } finally {
      await front.close();
    }
  });
}

async function use(open: () => Promise<Store>, run: (temporary: TemporaryStore) => Promise<void>): Promise<void> {
  const store = await open();
  const writer = createWriter(store, { maxQueuedBytes: 64e6, now: () => 1_000_000_000_000 });
  try {
    await run({
      store,
      writer,
      write: (batch) => writer.write({ predictions: [], outcomes: [], points: [], ...batch }),
    });
  } finally {
    await store.close();
  }
}

async function withFolder(run: (path: string) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  try {
    await run(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
