// Run as a process: opens a data folder, which migrates it, says how many outcomes it holds, and closes it.
import { openStore } from "../../packages/processor/src/store/open-store.ts";

const store = await openStore(process.argv[2]!);
const [row] = await store.query<{ rows: number; ids: number }>(
  "SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(id)) AS ids FROM outcome FINAL",
);
await store.close();
process.stdout.write(`${JSON.stringify(row)}\n`);
