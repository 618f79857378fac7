import type { Store } from "./store.ts";
import type { TableName } from "./tables.ts";

/** What the processor worked out of what it was sent; everything else in the store came in from outside. */
const RESULTS = [
  "measurement",
  "evaluation",
  "evaluation_mark",
  "explanation",
  "paired_minute",
  "window_estimate",
  "window_count",
  "stream_look",
  "stream_state",
] as const satisfies readonly TableName[];

/**
 * Takes every result out of a store and leaves what was sent to it: the next processor on it judges its whole history anew.
 * Meant for a copy; what is taken out is gone.
 */
export async function clearResults(store: Store): Promise<void> {
  for (const table of RESULTS) await store.execute(`TRUNCATE TABLE ${table} SYNC`);
}
