import type { Store } from "../../src/store/store.ts";
import { createWriter } from "../../src/store/writer.ts";
import { MONDAY_MS, prediction } from "../records.ts";

/** Stores the predictions a, b and c, each by a commit of its own and so in a part of its own. */
export async function writeThreeParts(store: Store): Promise<void> {
  const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => 1 });
  for (const id of ["a", "b", "c"]) {
    const written = writer.write({ predictions: [prediction(id, MONDAY_MS)], outcomes: [], points: [] });
    await writer.flush();
    await written;
  }
}
