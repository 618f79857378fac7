import { openStore } from "../../src/store/open-store.ts";
import { createWriter } from "../../src/store/writer.ts";
import { MONDAY_MS, prediction } from "../records.ts";

/** Writes batches of ten predictions without end and prints the number of each batch once it is acknowledged. */
const store = await openStore(process.argv[2]!);
const writer = createWriter(store, { maxQueuedBytes: 1e7, now: () => 1 });
for (let batch = 0; ; batch++) {
  const predictions = Array.from({ length: 10 }, (_unused, row) => prediction(`${batch}-${row}`, MONDAY_MS + row));
  const written = writer.write({ predictions, outcomes: [], points: [] });
  await writer.flush();
  await written;
  process.stdout.write(`${batch}\n`);
}
