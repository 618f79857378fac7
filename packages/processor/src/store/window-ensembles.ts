import type { EnsembleSums } from "@tidemark/signals";
import { RowBuffer } from "./row-buffer.ts";
import { rowVersion } from "./row-version.ts";
import type { Store } from "./store.ts";
import {
  encodeWindowSeries,
  WINDOW_SERIES_CONDITION,
  type WindowSeries,
  windowSeriesParameters,
} from "./window-series.ts";

export interface SummedWindow {
  readonly startMs: number;
  readonly sums: EnsembleSums;
}

/** Stores what a window says of an ensemble; it replaces what was stored of the window before. */
export async function saveWindowEnsemble(
  store: Store,
  of: WindowSeries,
  { startMs, sums }: SummedWindow,
  nowMs: number,
): Promise<void> {
  const rows = new RowBuffer();
  encodeWindowSeries(rows, of);
  rows.int64(BigInt(startMs));
  rows.string(JSON.stringify(sums));
  rows.uint64(rowVersion(store, nowMs));
  await store.insert("window_ensemble", [rows.toBytes()], nowMs);
}

/** The stored windows of a series that start at or after a time, in order of time. */
export async function readWindowEnsembles(store: Store, of: WindowSeries, fromMs: number): Promise<SummedWindow[]> {
  const rows = await store.query<{ startMs: number; sums: string }>(
    `SELECT toFloat64(toUnixTimestamp64Milli(start)) AS startMs, sums FROM window_ensemble FINAL
    WHERE ${WINDOW_SERIES_CONDITION} AND start >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') ORDER BY startMs`,
    { ...windowSeriesParameters(of), fromMs },
  );
  return rows.map(({ startMs, sums }) => ({ startMs, sums: JSON.parse(sums) as EnsembleSums }));
}
