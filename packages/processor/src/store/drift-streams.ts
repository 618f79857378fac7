import { createHash } from "node:crypto";
import type { DriftStreamState, FieldLooks } from "@tidemark/signals";
import { encodeModelKey } from "./encode-model-key.ts";
import type { ModelKey } from "./models.ts";
import { RowBuffer } from "./row-buffer.ts";
import { rowVersion } from "./row-version.ts";
import type { Store } from "./store.ts";

/** One model version's windows of one length against one profile. */
export interface StreamKey {
  readonly key: ModelKey;
  readonly lengthMs: number;
  readonly profileId: string;
}

/** What a window adds to the continuous verdicts. */
export interface WindowLooks {
  readonly startMs: number;
  readonly fields: readonly FieldLooks[];
}

/** Stores looks of windows; they replace what was stored of a window before. */
export async function saveWindowLooks(
  store: Store,
  items: readonly (StreamKey & WindowLooks)[],
  nowMs: number,
): Promise<void> {
  if (items.length === 0) return;
  const rows = new RowBuffer();
  for (const { key, lengthMs, profileId, startMs, fields } of items) {
    const looks = JSON.stringify(fields);
    windowColumns(rows, key, startMs, lengthMs);
    rows.string(profileId);
    rows.string(createHash("sha256").update(looks).digest("hex"));
    rows.string(looks);
    rows.uint64(rowVersion(store, nowMs));
    rows.rows++;
  }
  await store.insert("stream_look", [rows.toBytes()], nowMs);
}

/** Start and digest of all stored looks, in order of time. */
export function readLookDigests(
  store: Store,
  { key, lengthMs, profileId }: StreamKey,
): Promise<{ startMs: number; digest: string }[]> {
  return store.query(
    `SELECT toFloat64(toUnixTimestamp64Milli(window_start)) AS startMs, digest FROM stream_look FINAL
    WHERE ${WINDOWS} AND profile_id = {profileId:String} ORDER BY startMs`,
    { ...parametersOf(key), lengthMs, profileId },
  );
}

/** Stored looks of the windows that start at or after a time, in order of time. */
export async function readWindowLooks(
  store: Store,
  { key, lengthMs, profileId }: StreamKey,
  fromMs: number,
): Promise<WindowLooks[]> {
  const rows = await store.query<{ startMs: number; looks: string }>(
    `SELECT toFloat64(toUnixTimestamp64Milli(window_start)) AS startMs, looks FROM stream_look FINAL
    WHERE ${WINDOWS} AND profile_id = {profileId:String}
      AND window_start >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') ORDER BY startMs`,
    { ...parametersOf(key), lengthMs, profileId, fromMs },
  );
  return rows.map(({ startMs, looks }) => ({ startMs, fields: JSON.parse(looks) as FieldLooks[] }));
}

/** Stores the state after a window; `chain` is the digest of all looks that made it. */
export async function saveStreamState(
  store: Store,
  { key, lengthMs }: StreamKey,
  snapshot: { readonly startMs: number; readonly chain: string; readonly state: DriftStreamState },
  nowMs: number,
): Promise<void> {
  const rows = new RowBuffer();
  windowColumns(rows, key, snapshot.startMs, lengthMs);
  rows.string(snapshot.chain);
  rows.string(JSON.stringify(snapshot.state));
  rows.uint64(rowVersion(store, nowMs));
  rows.rows++;
  await store.insert("stream_state", [rows.toBytes()], nowMs);
}

/** Start and chain of all stored states, in order of time. */
export function readStateChains(
  store: Store,
  { key, lengthMs }: StreamKey,
): Promise<{ startMs: number; chain: string }[]> {
  return store.query(
    `SELECT toFloat64(toUnixTimestamp64Milli(window_start)) AS startMs, chain FROM stream_state FINAL
    WHERE ${WINDOWS} ORDER BY startMs`,
    { ...parametersOf(key), lengthMs },
  );
}

/** The state with a chain, or null where it is not stored. */
export async function readStreamState(
  store: Store,
  { key, lengthMs }: StreamKey,
  chain: string,
): Promise<DriftStreamState | null> {
  const [row] = await store.query<{ state: string }>(
    `SELECT state FROM stream_state FINAL WHERE ${WINDOWS} AND chain = {chain:String}`,
    { ...parametersOf(key), lengthMs, chain },
  );
  return row === undefined ? null : (JSON.parse(row.state) as DriftStreamState);
}

const WINDOWS = `tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
      AND toUnixTimestamp64Milli(window_end) - toUnixTimestamp64Milli(window_start) = {lengthMs:Int64}`;

function parametersOf({ tenant, model, version, role }: ModelKey) {
  return { tenant, model, version, role };
}

function windowColumns(rows: RowBuffer, key: ModelKey, startMs: number, lengthMs: number): void {
  encodeModelKey(rows, key);
  rows.int64(BigInt(startMs));
  rows.int64(BigInt(startMs + lengthMs));
}
