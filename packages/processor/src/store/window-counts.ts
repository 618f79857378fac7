import type { KeptCounts } from "@tidemark/signals";
import type { ModelKey } from "./models.ts";
import { RowBuffer } from "./row-buffer.ts";
import type { Store } from "./store.ts";

/** One model version's windows of one name, counted on the bins of one profile. */
export interface CountKey {
  readonly key: ModelKey;
  readonly windowName: string;
  readonly profileId: string;
}

export interface CountedWindow {
  readonly startMs: number;
  readonly fields: readonly KeptCounts[];
}

/** Stores counts of windows; they replace what was stored of a window before. */
export async function saveWindowCounts(
  store: Store,
  items: readonly (CountKey & CountedWindow)[],
  nowMs: number,
): Promise<void> {
  if (items.length === 0) return;
  const rows = new RowBuffer();
  for (const { key, windowName, profileId, startMs, fields } of items) {
    rows.string(key.tenant);
    rows.string(key.model);
    rows.string(key.version);
    rows.string(key.role);
    rows.string(windowName);
    rows.string(profileId);
    rows.int64(BigInt(startMs));
    rows.string(JSON.stringify(fields));
    rows.uint64(BigInt(Math.trunc(nowMs)));
    rows.rows++;
  }
  await store.insert("window_count", [rows.toBytes()], nowMs);
}

/** The stored counts of the windows that start at these times, Unix milliseconds; those without any are left out. */
export async function readWindowCounts(
  store: Store,
  of: CountKey,
  startsMs: readonly number[],
): Promise<CountedWindow[]> {
  const rows = await store.query<{ startMs: number; counts: string }>(
    `SELECT toFloat64(toUnixTimestamp64Milli(start)) AS startMs, counts FROM window_count FINAL
    WHERE ${OWN} AND toString(toUnixTimestamp64Milli(start)) IN {starts:Array(String)} ORDER BY startMs`,
    { ...parametersOf(of), starts: startsMs.map(String) },
  );
  return rows.map(({ startMs, counts }) => ({ startMs, fields: JSON.parse(counts) as KeptCounts[] }));
}

/** Starts of the windows after a time that have stored counts, in order. */
export async function readCountedStarts(store: Store, of: CountKey, afterMs: number): Promise<number[]> {
  const rows = await store.query<{ startMs: number }>(
    `SELECT DISTINCT toFloat64(toUnixTimestamp64Milli(start)) AS startMs FROM window_count
    WHERE ${OWN} AND start > fromUnixTimestamp64Milli({after:Int64}, 'UTC') ORDER BY startMs`,
    { ...parametersOf(of), after: afterMs },
  );
  return rows.map(({ startMs }) => startMs);
}

const OWN = `tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
      AND window_name = {name:String} AND profile_id = {profile:String}`;

function parametersOf({ key, windowName, profileId }: CountKey) {
  const { tenant, model, version, role } = key;
  return { tenant, model, version, role, name: windowName, profile: profileId };
}
