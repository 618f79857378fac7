import { metric } from "@tidemark/semconv";
import { HISTORY_WINDOWS } from "@tidemark/signals";
import { quoteText } from "./quote.ts";
import { isOneOf, removeRows } from "./remove-rows.ts";
import type { RetentionRequest } from "./retention.ts";
import type { Store } from "./store.ts";
import type { TableName } from "./tables.ts";

/** Series that are judged from their beginning: harmful shift by its losses, and whatever a chart was drawn of. */
const FROM_THE_BEGINNING = `metric IN (${[metric.performanceLoss, metric.performanceHarm].map(quoteText).join(", ")}) OR signal = 'control'`;

/** Windows from this length on are kept as results, shorter ones as records, unless a model has no longer ones. */
const LONG_WINDOW_MS = 86_400_000;

/** Removes measurements, but for series that are judged from their beginning, which go with their version. */
export async function removeOldMeasurements(store: Store, request: RetentionRequest): Promise<number> {
  const { kept } = request;
  const isShort = `toUnixTimestamp64Milli(end) - toUnixTimestamp64Milli(start) < ${LONG_WINDOW_MS}
    AND NOT ${isOneOf(["tenant", "model", "window_name"], kept.longestWindows)}`;
  const condition = `(${isBefore("end")} OR (${isShort} AND ${isBefore("end", "record")}))
    AND NOT (${FROM_THE_BEGINNING} OR ${isOneOf(["tenant", "model", "metric"], kept.charted)})`;
  const removed = await removeRows(store, "measurement", condition, parametersOf(request));
  return removed + (await removeOldVersions(store, "measurement", request));
}

/** Removes explanations of windows that began before the cut. */
export function removeOldExplanations(store: Store, request: RetentionRequest): Promise<number> {
  return removeRows(store, "explanation", isBefore("start"), parametersOf(request));
}

/** Removes counts that no window made again is held against. */
export async function removeOldCounts(store: Store, request: RetentionRequest): Promise<number> {
  return removeRows(store, "window_count", isBefore("start", "record"), parametersOf(request));
}

/** Removes profiles that the configuration does not name and no measurement was made with. */
export async function removeOldProfiles(store: Store, request: RetentionRequest): Promise<number> {
  const unused = await store.query<{ id: string }>(
    `SELECT DISTINCT id FROM profile
    WHERE rx < fromUnixTimestamp64Milli({resultReceivedMs:Int64}, 'UTC') AND id NOT IN {named:Array(String)}
      AND id NOT IN (SELECT DISTINCT profile_id FROM measurement)`,
    { ...parametersOf(request), named: request.kept.profileIds },
  );
  return removeRows(
    store,
    "profile",
    isOneOf(
      ["id"],
      unused.map(({ id }) => [id]),
    ),
  );
}

/** Removes estimates of windows before the cut, but for as many of the newest of each length as a window made again weighs. */
export async function removeOldEstimates(store: Store, request: RetentionRequest): Promise<number> {
  const key = ["tenant", "model", "version", "role", "window_name", "profile_id"];
  const found = await store.query<Record<string, string> & { lastMs: number; rows: number }>(
    `SELECT ${key.join(", ")}, toFloat64(toUnixTimestamp64Milli(starts[1])) AS lastMs, toFloat64(length(starts)) AS rows
    FROM (
      SELECT ${key.join(", ")}, arraySlice(arrayReverseSort(groupArray(start)), ${HISTORY_WINDOWS + 1}) AS starts
      FROM (SELECT * FROM window_estimate FINAL)
      WHERE ${isBefore("start", "record")}
      GROUP BY ${key.join(", ")}
    ) WHERE rows > 0 ORDER BY ${key.join(", ")}`,
    parametersOf(request),
  );
  for (const { lastMs, rows: _rows, ...own } of found) {
    await store.execute(
      `ALTER TABLE window_estimate DELETE WHERE ${key.map((name) => `${name} = {${name}:String}`).join(" AND ")}
        AND toUnixTimestamp64Milli(start) <= {lastMs:Int64} SETTINGS mutations_sync = 1`,
      { ...own, lastMs },
    );
  }
  const rows = found.reduce((sum, each) => sum + each.rows, 0);
  return rows + (await removeOldVersions(store, "window_estimate", request));
}

/** Removes everything in a table of the versions none of whose windows was measured since the cut. */
export async function removeOldVersions(
  store: Store,
  table: TableName,
  { goneVersions }: RetentionRequest,
): Promise<number> {
  let removed = 0;
  for (let from = 0; from < goneVersions.length; from += VERSIONS_AT_ONCE) {
    const some = goneVersions.slice(from, from + VERSIONS_AT_ONCE);
    removed += await removeRows(store, table, isOneOf(["tenant", "model", "version", "role"], some));
  }
  return removed;
}

/** The engine takes a statement of 256 KiB. */
const VERSIONS_AT_ONCE = 200;

/** A row's arrival and a window's time lie before a cut; takes the parameters of `parametersOf`. */
function isBefore(column: string, kind: "record" | "result" = "result"): string {
  return `rx < fromUnixTimestamp64Milli({${kind}ReceivedMs:Int64}, 'UTC') AND ${column} < fromUnixTimestamp64Milli({${kind}EventMs:Int64}, 'UTC')`;
}

function parametersOf({ cut: { records, results } }: RetentionRequest) {
  return {
    recordReceivedMs: records.receivedMs,
    recordEventMs: records.eventMs,
    resultReceivedMs: results.receivedMs,
    resultEventMs: results.eventMs,
  };
}
