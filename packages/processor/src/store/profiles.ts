import { type Profile, profileSchema } from "@tidemark/schema";
import { RowBuffer } from "./row-buffer.ts";
import type { Store } from "./store.ts";

export interface StoredProfile {
  readonly id: string;
  readonly model: string;
  readonly version: string;
}

/** Stores a profile under its id; storing it again changes nothing. */
export async function saveProfile(store: Store, profile: Profile, nowMs = Date.now()): Promise<void> {
  const rows = new RowBuffer();
  rows.string(profile.id);
  rows.string(profile.model.name);
  rows.string(profile.model.version);
  rows.string(JSON.stringify(profile));
  await store.insert("profile", [rows.toBytes()], nowMs);
}

/** The profile with an id, or null where none is stored. */
export async function readProfile(store: Store, id: string): Promise<Profile | null> {
  const [row] = await store.query<{ profile: string }>("SELECT profile FROM profile FINAL WHERE id = {id:String}", {
    id,
  });
  return row === undefined ? null : profileSchema.parse(JSON.parse(row.profile));
}

/** Stored profiles that a tenant's measurements were made with, or that are named, by model, version and id. */
export function listProfiles(store: Store, tenant: string, named: readonly string[]): Promise<StoredProfile[]> {
  return store.query(
    `SELECT id, model, version FROM profile FINAL
    WHERE id IN {named:Array(String)} OR id IN (SELECT profile_id FROM measurement WHERE tenant = {tenant:String})
    ORDER BY model, version, id`,
    { tenant, named },
  );
}
