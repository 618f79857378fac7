import { quoteName, quoteText } from "./quote.ts";
import { removeRows } from "./remove-rows.ts";
import type { RetentionRequest } from "./retention.ts";
import type { Store } from "./store.ts";

/** Tables in weeks of event time, by the column that says it; whole weeks go at once, which costs nothing. */
const WEEKLY = { prediction: "ts", attribution: "ts", member_answer: "ts", metric_point: "time" } as const;

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
 * Removes boundary lists that no point names. The writer knows lists that it need not store again: it must forget them first,
 * and what it had begun must be stored, or a point would name a list that is gone.
 */
export async function removeOldBoundaries(
  store: Store,
  { cut: { records }, forgetBoundaries }: RetentionRequest,
): Promise<number> {
  const isUnused =
    "rx < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC') AND hash NOT IN (SELECT DISTINCT boundary FROM metric_point)";
  const unused = async () =>
    (
      await store.query<{ hash: string }>(`SELECT DISTINCT toString(hash) AS hash FROM boundary WHERE ${isUnused}`, {
        ...records,
      })
    ).map(({ hash }) => hash);
  if ((await unused()).length === 0) return 0;
  await forgetBoundaries();
  const hashes = await unused();
  let removed = 0;
  for (let from = 0; from < hashes.length; from += HASHES_AT_ONCE) {
    const some = hashes.slice(from, from + HASHES_AT_ONCE);
    // A copy that was stored again meanwhile arrived after the cut and stays.
    const condition = `rx < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC') AND hash IN (${some.join(", ")})`;
    removed += await removeRows(store, "boundary", condition, { ...records });
  }
  return removed;
}

/** The engine takes a statement of 256 KiB. */
const HASHES_AT_ONCE = 5_000;
