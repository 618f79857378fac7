import { RowBuffer } from "./row-buffer.ts";
import { rowVersion, versionTimeSql } from "./row-version.ts";
import type { Store } from "./store.ts";

/** Notes until which arrival time (Unix milliseconds) the late records of a model have been taken care of. */
export async function saveEvaluationMark(
  store: Store,
  mark: { readonly tenant: string; readonly model: string; readonly receivedFromMs: number },
  nowMs = Date.now(),
): Promise<void> {
  const rows = new RowBuffer();
  rows.string(mark.tenant);
  rows.string(mark.model);
  rows.uint64(rowVersion(store, mark.receivedFromMs));
  await store.insert("evaluation_mark", [rows.toBytes()], nowMs);
}

/** The newest note of a model, or null where there is none. */
export async function readEvaluationMark(store: Store, tenant: string, model: string): Promise<number | null> {
  const [row] = await store.query<{ mark: number }>(
    `SELECT toFloat64(${versionTimeSql("received")}) AS mark FROM evaluation_mark FINAL
    WHERE tenant = {tenant:String} AND model = {model:String}`,
    { tenant, model },
  );
  return row?.mark ?? null;
}
