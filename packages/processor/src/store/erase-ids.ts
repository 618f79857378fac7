import { readExplanations, saveExplanation } from "./explanations.ts";
import type { ModelKey } from "./models.ts";
import { quoteText } from "./quote.ts";
import type { Store } from "./store.ts";

export interface Erased {
  readonly predictions: number;
  readonly outcomes: number;
}

/**
 * Removes everything stored under the ids of a model: predictions of every version and role with their inputs, every outcome ever
 * told, and their place among the examples of explanations. Counts and scores of windows that were judged stay as they are: they name no
 * one. Resolves once the rows are off the disk; a record that is sent again afterwards is stored again.
 */
export async function eraseIds(
  store: Store,
  { tenant, model }: Pick<ModelKey, "tenant" | "model">,
  ids: readonly string[],
  nowMs: number,
): Promise<Erased> {
  const condition = `tenant = {tenant:String} AND model = {model:String} AND id IN (${ids.map(quoteText).join(", ")})`;
  const key = { tenant, model };
  const removed = { predictions: 0, outcomes: 0 };
  for (const table of ["attribution", "class_probability", "member_answer", "vector"]) {
    await store.execute(`ALTER TABLE ${table} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`, key);
  }
  for (const [table, name] of [
    ["prediction", "predictions"],
    ["outcome", "outcomes"],
  ] as const) {
    const [found] = await store.query<{ rows: number }>(
      `SELECT toFloat64(count()) AS rows FROM ${table} FINAL WHERE ${condition}`,
      key,
    );
    removed[name] = found?.rows ?? 0;
    await store.execute(`ALTER TABLE ${table} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`, key);
  }
  const gone = new Set(ids);
  for (const explanation of await readExplanations(store, key)) {
    const examples = explanation.examples.filter(({ id }) => !gone.has(id));
    if (examples.length < explanation.examples.length) {
      await saveExplanation(store, { ...explanation, examples }, nowMs);
    }
  }
  if (removed.predictions + removed.outcomes > 0) await store.execute("OPTIMIZE TABLE explanation FINAL");
  return removed;
}
