import type { KeptWindow } from "@tidemark/signals";
import { RowBuffer } from "./row-buffer.ts";
import { rowVersion } from "./row-version.ts";
import type { Store } from "./store.ts";
import {
  encodeWindowSeries,
  WINDOW_SERIES_CONDITION,
  type WindowSeries,
  windowSeriesParameters,
} from "./window-series.ts";

export interface CountedWindow {
  readonly startMs: number;
  readonly fields: readonly KeptWindow[];
}

/** Stores counts of windows; they replace what was stored of a window before. */
export async function saveWindowCounts(
  store: Store,
  items: readonly (WindowSeries & CountedWindow)[],
  nowMs: number,
): Promise<void> {
  if (items.length === 0) return;
  const rows = new RowBuffer();
  for (const item of items) {
    encodeWindowSeries(rows, item);
    rows.int64(BigInt(item.startMs));
    rows.string(JSON.stringify(item.fields));
    rows.uint64(rowVersion(store, nowMs));
    rows.rows++;
  }
  await store.insert("window_count", [rows.toBytes()], nowMs);
}

/** The stored counts of the windows that start at these times, Unix milliseconds; those without any are left out. */
export async function readWindowCounts(
  store: Store,
  of: WindowSeries,
  startsMs: readonly number[],
): Promise<CountedWindow[]> {
  const rows = await store.query<{ startMs: number; counts: string }>(
    `SELECT toFloat64(toUnixTimestamp64Milli(start)) AS startMs, counts FROM window_count FINAL
    WHERE ${WINDOW_SERIES_CONDITION} AND toString(toUnixTimestamp64Milli(start)) IN {starts:Array(String)} ORDER BY startMs`,
    { ...windowSeriesParameters(of), starts: startsMs.map(String) },
  );
  return rows.map(({ startMs, counts }) => ({ startMs, fields: JSON.parse(counts) as KeptWindow[] }));
}

/** Starts of the windows after a time that have stored counts, in order. */
export async function readCountedStarts(store: Store, of: WindowSeries, afterMs: number): Promise<number[]> {
  const rows = await store.query<{ startMs: number }>(
    `SELECT DISTINCT toFloat64(toUnixTimestamp64Milli(start)) AS startMs FROM window_count
    WHERE ${WINDOW_SERIES_CONDITION} AND start > fromUnixTimestamp64Milli({after:Int64}, 'UTC') ORDER BY startMs`,
    { ...windowSeriesParameters(of), after: afterMs },
  );
  return rows.map(({ startMs }) => startMs);
}
