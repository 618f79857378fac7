import { HISTORY_WINDOWS } from "@tidemark/signals";
import type { StoredEstimate } from "../evaluate/estimate-windows.ts";
import { RowBuffer } from "./row-buffer.ts";
import { rowVersion } from "./row-version.ts";
import type { Store } from "./store.ts";
import {
  encodeWindowSeries,
  WINDOW_SERIES_CONDITION,
  type WindowSeries,
  windowSeriesParameters,
} from "./window-series.ts";

/** Stores estimates of windows; each replaces what was stored of its window before. */
export async function saveWindowEstimates(
  store: Store,
  of: WindowSeries,
  estimates: readonly StoredEstimate[],
  nowMs: number,
): Promise<void> {
  const rows = new RowBuffer();
  for (const estimate of estimates) {
    encodeWindowSeries(rows, of);
    rows.int64(BigInt(estimate.startMs));
    rows.string(JSON.stringify(estimate, plainArrays));
    rows.uint64(rowVersion(store, nowMs));
    rows.rows++;
  }
  await store.insert("window_estimate", [rows.toBytes()], nowMs);
}

/** Stored estimates from HISTORY_WINDOWS windows before a time on, in order of time. */
export async function readWindowEstimates(store: Store, of: WindowSeries, startMs: number): Promise<StoredEstimate[]> {
  const rows = await store.query<{ estimate: string }>(
    `SELECT estimate FROM (
      SELECT start, estimate FROM window_estimate FINAL WHERE ${WINDOW_SERIES_CONDITION} AND toUnixTimestamp64Milli(start) < {start:Int64}
      ORDER BY start DESC LIMIT ${HISTORY_WINDOWS}
      UNION ALL
      SELECT start, estimate FROM window_estimate FINAL WHERE ${WINDOW_SERIES_CONDITION} AND toUnixTimestamp64Milli(start) >= {start:Int64}
    ) ORDER BY start`,
    { ...windowSeriesParameters(of), start: startMs },
  );
  return rows.map(({ estimate }) => JSON.parse(estimate, nanOfNull) as StoredEstimate);
}

function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}

/** Members for which null means that there is nothing. */
const NULLABLE: ReadonlySet<string> = new Set(["matured", "split", "adwin", "ddm", "hddm_a"]);

/** JSON has no NaN: a metric that is not defined is written as null. */
function nanOfNull(key: string, value: unknown): unknown {
  return value === null && !NULLABLE.has(key) ? Number.NaN : value;
}
