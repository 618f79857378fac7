import { quoteText } from "./quote.ts";
import { removeOldVersions } from "./remove-results.ts";
import { isOneOf, removeRows } from "./remove-rows.ts";
import type { RetentionRequest } from "./retention.ts";
import type { Store } from "./store.ts";

/**
 * Removes looks of the continuous drift verdicts. Of what is still watched only those up to the newest snapshot before the
 * cut: the verdicts go on from it, as if all looks before it were there.
 */
export async function removeOldLooks(store: Store, request: RetentionRequest): Promise<number> {
  const upToAnchor = (await anchorsOf(store, request)).map(
    ({ profileId, lengthMs, ...anchor }) =>
      `${ofVersion(anchor)} AND profile_id = ${quoteText(profileId)} AND ${LENGTH} = ${lengthMs} AND ${STARTS} <= ${anchor.startMs}`,
  );
  const watched = request.kept.streams.map(({ profileId, lengthMs }) => [profileId, String(lengthMs)]);
  const isWatched = isOneOf(["profile_id", `toString(${LENGTH})`], watched);
  return (
    (await removeAny(store, "stream_look", upToAnchor)) +
    (await removeRows(store, "stream_look", `${IS_OLD} AND NOT ${isWatched}`, { ...request.cut.records })) +
    (await removeOldVersions(store, "stream_look", request))
  );
}

/** Removes snapshots before the cut, but for the newest of what is still watched. */
export async function removeOldStates(store: Store, request: RetentionRequest): Promise<number> {
  const beforeAnchor = (await anchorsOf(store, request)).map(
    ({ root, ...anchor }) => `${ofVersion(anchor)} AND ${ROOT} = ${quoteText(root)} AND ${STARTS} < ${anchor.startMs}`,
  );
  const isWatched = isOneOf(
    [ROOT],
    request.kept.streams.map(({ root }) => [root]),
  );
  return (
    (await removeAny(store, "stream_state", beforeAnchor)) +
    (await removeRows(store, "stream_state", `${IS_OLD} AND NOT ${isWatched}`, { ...request.cut.records })) +
    (await removeOldVersions(store, "stream_state", request))
  );
}

/** The newest snapshot before the cut of one version's stream. */
interface Anchor {
  readonly tenant: string;
  readonly model: string;
  readonly version: string;
  readonly role: string;
  readonly root: string;
  readonly profileId: string;
  readonly lengthMs: number;
  readonly startMs: number;
}

const STARTS = "toUnixTimestamp64Milli(window_start)";
const LENGTH = `(toUnixTimestamp64Milli(window_end) - ${STARTS})`;
/** What a chain begins with: the stream that the state is of. */
const ROOT = "splitByChar(':', chain)[1]";
const IS_OLD =
  "rx < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC') AND window_start < fromUnixTimestamp64Milli({eventMs:Int64}, 'UTC')";
/** The engine takes a statement of 256 KiB. */
const CONDITIONS_AT_ONCE = 200;

async function anchorsOf(store: Store, { cut, kept }: RetentionRequest): Promise<Anchor[]> {
  const rows = await store.query<Omit<Anchor, "profileId" | "lengthMs">>(
    `SELECT tenant, model, version, role, ${ROOT} AS root, toFloat64(max(${STARTS})) AS startMs FROM stream_state
    WHERE ${IS_OLD} GROUP BY tenant, model, version, role, root ORDER BY tenant, model, version, role, root`,
    { ...cut.records },
  );
  return rows.flatMap((row) => {
    const stream = kept.streams.find(({ root }) => root === row.root);
    return stream === undefined ? [] : [{ ...row, ...stream }];
  });
}

function ofVersion({ tenant, model, version, role }: Pick<Anchor, "tenant" | "model" | "version" | "role">): string {
  return isOneOf(["tenant", "model", "version", "role"], [[tenant, model, version, role]]);
}

async function removeAny(
  store: Store,
  table: "stream_look" | "stream_state",
  conditions: readonly string[],
): Promise<number> {
  let removed = 0;
  for (let from = 0; from < conditions.length; from += CONDITIONS_AT_ONCE) {
    const some = conditions.slice(from, from + CONDITIONS_AT_ONCE);
    removed += await removeRows(store, table, some.map((each) => `(${each})`).join(" OR "));
  }
  return removed;
}
