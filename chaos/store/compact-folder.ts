// Run as a process: merges everything in a data folder again and again while new rows come, until it is killed.
import { openStore } from "../../packages/processor/src/store/open-store.ts";
import { createWriter } from "../../packages/processor/src/store/writer.ts";
import { prediction } from "../../packages/processor/test/records.ts";

const store = await openStore(process.argv[2]!);
const writer = createWriter(store, { maxQueuedBytes: 1e7, now: Date.now });
const prefix = process.argv[3]!;
let merging = Promise.resolve();
for (let batch = 0; ; batch++) {
  const ids = Array.from({ length: 50 }, (_, index) => `${prefix}-${batch}-${index}`);
  const predictions = ids.map((id) => prediction(id, Date.now()));
  const written = writer.write({ predictions, outcomes: [], points: [] });
  await writer.flush();
  await written;
  process.stdout.write(`${ids.join("\n")}\n`);
  merging = merging.then(() => store.query("OPTIMIZE TABLE prediction FINAL")).then(() => undefined);
  if (batch % 5 === 0) await merging;
}
