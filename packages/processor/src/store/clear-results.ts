import type { Store } from "./store.ts";
import type { TableName } from "./tables.ts";

/** Whether a table holds what the processor worked out; the others hold what came in from outside. A new table must say. */
const IS_RESULT: Readonly<Record<TableName, boolean>> = {
  prediction: false,
  attribution: false,
  class_probability: false,
  member_answer: false,
  vector: false,
  outcome: false,
  metric_point: false,
  boundary: false,
  measurement: true,
  explanation: true,
  paired_minute: true,
  window_estimate: true,
  stream_look: true,
  window_count: true,
  window_ensemble: true,
  stream_state: true,
  profile: false,
  evaluation_mark: true,
};

/**
 * Takes every result out of a store and leaves what was sent to it: the next processor on it judges its whole history anew.
 * Meant for a copy; what is taken out is gone.
 */
export async function clearResults(store: Store): Promise<void> {
  for (const [table, isResult] of Object.entries(IS_RESULT)) {
    if (isResult) await store.execute(`TRUNCATE TABLE ${table} SYNC`);
  }
}
