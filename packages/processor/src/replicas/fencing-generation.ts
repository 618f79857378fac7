import { versionGenerationSql } from "../store/row-version.ts";
import type { Store } from "../store/store.ts";

/**
 * The generation that an owner's rows bear: the group's, or one more than any stored where the group began anew after it
 * was deleted, or where a processor without Kafka takes up what replicas left.
 */
export async function fencingGeneration(store: Store, groupGeneration: number): Promise<number> {
  const [row] = await store.query<{ newest: number }>(
    `SELECT max(${versionGenerationSql("revision")}) AS newest FROM measurement`,
  );
  const newest = row?.newest ?? 0;
  return newest > groupGeneration ? newest + 1 : groupGeneration;
}
