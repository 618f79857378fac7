import { quoteName, quoteText } from "./quote.ts";
import type { Store } from "./store.ts";

/** What may go: rows that arrived before `receivedMs` and whose week of event time ended before `eventMs`. */
export interface RetentionCut {
  readonly receivedMs: number;
  readonly eventMs: number;
}

export interface Removed {
  /** Rows by table that were removed. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Tables in weeks of event time, by the column that says it; whole weeks go at once, which costs nothing. */
const WEEKLY = { prediction: "ts", metric_point: "time" } as const;

/**
 * Removes what both lies before the cut in event time and arrived before it: a replay of old data does not remove itself,
 * and what an open window reads stays whatever its age. Outcomes go when no prediction of their time is left.
 */
export async function removeOld(store: Store, { receivedMs, eventMs }: RetentionCut): Promise<Removed> {
  const rows: Record<string, number> = {};
  for (const [table, time] of Object.entries(WEEKLY)) {
    const old = await store.query<{ partition: string; rows: number }>(
      `SELECT _partition_id AS partition, toFloat64(count()) AS rows FROM ${quoteName(table)}
      GROUP BY partition
      HAVING max(rx) < fromUnixTimestamp64Milli({received:Int64}, 'UTC') AND max(${time}) < fromUnixTimestamp64Milli({event:Int64}, 'UTC')
      ORDER BY partition`,
      { received: Math.trunc(receivedMs), event: Math.trunc(eventMs) },
    );
    for (const { partition, rows: count } of old) {
      await store.execute(`ALTER TABLE ${quoteName(table)} DROP PARTITION ID ${quoteText(partition)}`);
      rows[table] = (rows[table] ?? 0) + count;
    }
  }
  const condition =
    "rx < fromUnixTimestamp64Milli({received:Int64}, 'UTC') AND ots < fromUnixTimestamp64Milli({event:Int64}, 'UTC')";
  const cut = { received: Math.trunc(receivedMs), event: Math.trunc(eventMs) };
  const [outcomes] = await store.query<{ rows: number }>(
    `SELECT toFloat64(count()) AS rows FROM outcome WHERE ${condition}`,
    cut,
  );
  if ((outcomes?.rows ?? 0) > 0) {
    await store.execute(`ALTER TABLE outcome DELETE WHERE ${condition} SETTINGS mutations_sync = 1`, cut);
    rows["outcome"] = outcomes!.rows;
  }
  return { rows };
}
