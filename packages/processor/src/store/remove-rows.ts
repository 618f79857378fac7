import type { QueryParameters } from "./bind-parameters.ts";
import { quoteName, quoteText } from "./quote.ts";
import type { Store } from "./store.ts";
import type { TableName } from "./tables.ts";

/** Removes the rows of a table that a condition is true of; returns how many they were. A table without any is left alone. */
export async function removeRows(
  store: Store,
  table: TableName,
  condition: string,
  parameters: QueryParameters = {},
): Promise<number> {
  const [found] = await store.query<{ rows: number }>(
    `SELECT toFloat64(count()) AS rows FROM ${quoteName(table)} WHERE ${condition}`,
    parameters,
  );
  const rows = found?.rows ?? 0;
  if (rows > 0) {
    await store.execute(
      `ALTER TABLE ${quoteName(table)} DELETE WHERE ${condition} SETTINGS mutations_sync = 1`,
      parameters,
    );
  }
  return rows;
}

/** The condition that columns are one of some tuples of texts. */
export function isOneOf(columns: readonly string[], tuples: readonly (readonly string[])[]): string {
  if (tuples.length === 0) return "0";
  return `tuple(${columns.join(", ")}) IN (${tuples.map((each) => `tuple(${each.map(quoteText).join(", ")})`).join(", ")})`;
}
