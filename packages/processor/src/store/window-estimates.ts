import { HISTORY_WINDOWS } from "@tidemark/signals";
import type { EstimateKey, StoredEstimate } from "../evaluate/estimate-windows.ts";
import { RowBuffer } from "./row-buffer.ts";
import type { Store } from "./store.ts";

/** Stores estimates of windows; each replaces what was stored of its window before. */
export async function saveWindowEstimates(
  store: Store,
  { key, windowName, profileId }: EstimateKey,
  estimates: readonly StoredEstimate[],
  nowMs: number,
): Promise<void> {
  const rows = new RowBuffer();
  for (const estimate of estimates) {
    rows.string(key.tenant);
    rows.string(key.model);
    rows.string(key.version);
    rows.string(key.role);
    rows.string(windowName);
    rows.string(profileId);
    rows.int64(BigInt(estimate.startMs));
    rows.string(JSON.stringify(estimate, plainArrays));
    rows.uint64(BigInt(Math.trunc(nowMs)));
    rows.rows++;
  }
  await store.insert("window_estimate", [rows.toBytes()], nowMs);
}

/** Stored estimates from HISTORY_WINDOWS windows before a time on, in order of time. */
export async function readWindowEstimates(
  store: Store,
  { key, windowName, profileId }: EstimateKey,
  startMs: number,
): Promise<StoredEstimate[]> {
  const own = `tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
    AND window_name = {name:String} AND profile_id = {profile:String}`;
  const { tenant, model, version, role } = key;
  const rows = await store.query<{ estimate: string }>(
    `SELECT estimate FROM (
      SELECT start, estimate FROM window_estimate FINAL WHERE ${own} AND toUnixTimestamp64Milli(start) < {start:Int64}
      ORDER BY start DESC LIMIT ${HISTORY_WINDOWS}
      UNION ALL
      SELECT start, estimate FROM window_estimate FINAL WHERE ${own} AND toUnixTimestamp64Milli(start) >= {start:Int64}
    ) ORDER BY start`,
    { tenant, model, version, role, name: windowName, profile: profileId, start: startMs },
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
