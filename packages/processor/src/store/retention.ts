import { HISTORY_WINDOWS } from "@tidemark/signals";
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
const WEEKLY = { prediction: "ts", attribution: "ts", metric_point: "time" } as const;

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
  const estimates = await removeOldEstimates(store, cut);
  if (estimates > 0) rows["window_estimate"] = estimates;
  return { rows };
}

/** Estimates of windows before the cut, but for as many of the newest of each length as a window made again weighs. */
async function removeOldEstimates(
  store: Store,
  cut: { readonly received: number; readonly event: number },
): Promise<number> {
  const key = ["tenant", "model", "version", "role", "window_name", "profile_id"];
  const found = await store.query<Record<string, string> & { lastMs: number; rows: number }>(
    `SELECT ${key.join(", ")}, toFloat64(toUnixTimestamp64Milli(starts[1])) AS lastMs, toFloat64(length(starts)) AS rows
    FROM (
      SELECT ${key.join(", ")}, arraySlice(arrayReverseSort(groupArray(start)), ${HISTORY_WINDOWS + 1}) AS starts
      FROM (SELECT * FROM window_estimate FINAL)
      WHERE rx < fromUnixTimestamp64Milli({received:Int64}, 'UTC') AND start < fromUnixTimestamp64Milli({event:Int64}, 'UTC')
      GROUP BY ${key.join(", ")}
    ) WHERE rows > 0 ORDER BY ${key.join(", ")}`,
    cut,
  );
  for (const { lastMs, rows: _rows, ...own } of found) {
    await store.execute(
      `ALTER TABLE window_estimate DELETE WHERE ${key.map((name) => `${name} = {${name}:String}`).join(" AND ")}
        AND toUnixTimestamp64Milli(start) <= {lastMs:Int64} SETTINGS mutations_sync = 1`,
      { ...own, lastMs },
    );
  }
  return found.reduce((sum, { rows }) => sum + rows, 0);
}
