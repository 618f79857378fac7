import { quoteName, quoteText } from "./quote.ts";
import { removeRows } from "./remove-rows.ts";
import type { RetentionRequest } from "./retention.ts";
import type { Store } from "./store.ts";

/** Tables in weeks of event time, by the column that says it; whole weeks go at once, which costs nothing. */
const WEEKLY = {
  prediction: "ts",
  attribution: "ts",
  class_probability: "ts",
  member_answer: "ts",
  vector: "ts",
  metric_point: "time",
} as const;

/** Removes the weeks of a table of records that both lie before the cut and arrived before it. */
export async function removeOldWeeks(
  store: Store,
  table: keyof typeof WEEKLY,
  { cut: { records } }: RetentionRequest,
): Promise<number> {
  const old = await store.query<{ partition: string; rows: number }>(
    `SELECT _partition_id AS partition, toFloat64(count()) AS rows FROM ${quoteName(table)}
    GROUP BY partition
    HAVING max(rx) < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC')
      AND max(${WEEKLY[table]}) < fromUnixTimestamp64Milli({eventMs:Int64}, 'UTC')
    ORDER BY partition`,
    { ...records },
  );
  for (const { partition } of old) {
    await store.execute(`ALTER TABLE ${quoteName(table)} DROP PARTITION ID ${quoteText(partition)}`);
  }
  return old.reduce((sum, { rows }) => sum + rows, 0);
}

/** Removes outcomes of whose time no prediction is left. */
export function removeOldOutcomes(store: Store, { cut: { records } }: RetentionRequest): Promise<number> {
  const condition =
    "rx < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC') AND ots < fromUnixTimestamp64Milli({eventMs:Int64}, 'UTC')";
  return removeRows(store, "outcome", condition, { ...records });
}

/**
 * Removes boundary lists that no point names. Writers, of this process and of others on the same server, store a list again once a day
 * while it is sent (`KnownBoundaries`): one that arrived before the cut, which is older, is none that any of them counts on.
 */
export async function removeOldBoundaries(store: Store, { cut: { records } }: RetentionRequest): Promise<number> {
  const isOld = "rx < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC')";
  const unused = await store.query<{ hash: string }>(
    `SELECT DISTINCT toString(hash) AS hash FROM boundary WHERE ${isOld} AND hash NOT IN (SELECT DISTINCT boundary FROM metric_point)`,
    { ...records },
  );
  let removed = 0;
  // By name: replicated tables take no subquery in a deletion.
  for (let from = 0; from < unused.length; from += HASHES_AT_ONCE) {
    const some = unused.slice(from, from + HASHES_AT_ONCE).map(({ hash }) => hash);
    removed += await removeRows(store, "boundary", `${isOld} AND hash IN (${some.join(", ")})`, { ...records });
  }
  return removed;
}

/** The engine takes a statement of 256 KiB. */
const HASHES_AT_ONCE = 5_000;
