import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../src/store/open-store.ts";
import type { Store } from "../src/store/store.ts";
import { createWriter, type IngestBatch, type Writer } from "../src/store/writer.ts";

export interface TemporaryStore {
  readonly store: Store;
  readonly writer: Writer;
  /** Writes one batch; what is left out is empty. */
  write(batch: Partial<IngestBatch>): Promise<void>;
}

/** Runs a test with a store of its own, which is removed afterwards. A process has one store open at a time. */
export async function withStore(test: (temporary: TemporaryStore) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  const store = await openStore(path);
  const writer = createWriter(store, { maxQueuedBytes: 64e6, now: () => 1_000_000_000_000 });
  try {
    await test({
      store,
      writer,
      write: (batch) => writer.write({ predictions: [], outcomes: [], points: [], ...batch }),
    });
  } finally {
    await store.close();
    rmSync(path, { recursive: true, force: true });
  }
}
