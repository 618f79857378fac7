import { type Explanation, explanationSchema } from "@tidemark/schema";
import { RowBuffer } from "./row-buffer.ts";
import { rowVersion } from "./row-version.ts";
import type { Store } from "./store.ts";

/** Stores an explanation; it replaces an earlier one of the same window. */
export async function saveExplanation(store: Store, explanation: Explanation, nowMs: number): Promise<void> {
  const { tenant, model, version, role, window } = explanation;
  const rows = new RowBuffer();
  for (const text of [tenant, model, version, role, window.name]) rows.string(text);
  rows.int64(BigInt(Date.parse(window.start)));
  rows.string(JSON.stringify(explanation));
  rows.uint64(rowVersion(store, nowMs));
  rows.rows++;
  await store.insert("explanation", [rows.toBytes()], nowMs);
}

/** Which explanations to read; what is left out does not restrict. */
export interface ExplanationFilter {
  readonly tenant: string;
  readonly model?: string;
  readonly version?: string;
  readonly role?: string;
  readonly windowName?: string;
}

/** Explanations in order of their windows. */
export async function readExplanations(store: Store, filter: ExplanationFilter): Promise<Explanation[]> {
  const columns = { tenant: "tenant", model: "model", version: "version", role: "role", windowName: "window_name" };
  const given = Object.entries(filter).filter(
    (entry): entry is [keyof typeof columns, string] => entry[1] !== undefined,
  );
  const where = given.map(([key]) => `${columns[key]} = {${key}:String}`).join(" AND ");
  const rows = await store.query<{ explanation: string }>(
    `SELECT explanation FROM explanation FINAL WHERE ${where} ORDER BY tenant, model, version, role, start, window_name`,
    Object.fromEntries(given),
  );
  return rows.map((row) => explanationSchema.parse(JSON.parse(row.explanation)));
}
