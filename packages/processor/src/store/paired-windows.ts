import type { PairedWindow } from "@tidemark/signals";
import { encodeModelKey } from "./encode-model-key.ts";
import type { ModelKey } from "./models.ts";
import { RowBuffer } from "./row-buffer.ts";
import { rowVersion } from "./row-version.ts";
import type { Store } from "./store.ts";

/** Stores the pairs of a window; they replace what was stored of its minutes before. */
export async function savePairedWindow(
  store: Store,
  key: ModelKey,
  window: PairedWindow,
  nowMs: number,
): Promise<void> {
  if (window.minutes.length === 0) return;
  const rows = new RowBuffer();
  for (const { startMs, asked, pairs, sum } of window.minutes) {
    encodeModelKey(rows, key);
    rows.int64(BigInt(window.startMs));
    rows.int64(BigInt(window.endMs));
    rows.int64(BigInt(startMs));
    rows.uint32(asked);
    rows.uint32(pairs);
    rows.float64(sum);
    rows.uint64(rowVersion(store, nowMs));
    rows.rows++;
  }
  await store.insert("paired_minute", [rows.toBytes()], nowMs);
}

/** The stored pairs of a challenger in windows of one length that start at or after a time, in order of time. */
export async function readPairedWindows(
  store: Store,
  key: ModelKey,
  lengthMs: number,
  fromMs: number,
): Promise<PairedWindow[]> {
  const rows = await store.query<{ start: number; minutes: [number, number, number, number][] }>(
    `SELECT toFloat64(toUnixTimestamp64Milli(window_start)) AS start,
      arraySort(groupArray(tuple(toFloat64(toUnixTimestamp64Milli(minute)), asked, pairs, sum))) AS minutes
    FROM paired_minute FINAL
    WHERE tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
      AND window_start >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')
      AND toUnixTimestamp64Milli(window_end) - toUnixTimestamp64Milli(window_start) = {lengthMs:Int64}
    GROUP BY start ORDER BY start`,
    { tenant: key.tenant, model: key.model, version: key.version, role: key.role, lengthMs, fromMs },
  );
  return rows.map(({ start, minutes }) => ({
    startMs: start,
    endMs: start + lengthMs,
    minutes: minutes.map(([startMs, asked, pairs, sum]) => ({ startMs, asked, pairs, sum })),
  }));
}
