import { removeOldBoundaries, removeOldOutcomes, removeOldWeeks } from "./remove-records.ts";
import {
  removeOldCounts,
  removeOldEstimates,
  removeOldExplanations,
  removeOldMeasurements,
  removeOldProfiles,
  removeOldVersions,
} from "./remove-results.ts";
import { removeOldLooks, removeOldStates } from "./remove-streams.ts";
import type { RetentionCut } from "./retention-cut.ts";
import type { Store } from "./store.ts";
import type { TableName } from "./tables.ts";

/** A model's continuous drift verdicts against one profile: `root` is what the chains of its snapshots begin with. */
export interface WatchedStream {
  readonly root: string;
  readonly profileId: string;
  readonly lengthMs: number;
}

/** What the configuration needs of old rows. */
export interface KeptRows {
  /** Tenant, model and name of the longest window, of models that have none of a day. */
  readonly longestWindows: readonly (readonly [tenant: string, model: string, windowName: string])[];
  /** Tenant, model and metric of every control chart: its limits were learned from the first windows. */
  readonly charted: readonly (readonly [tenant: string, model: string, metric: string])[];
  readonly profileIds: readonly string[];
  readonly streams: readonly WatchedStream[];
}

export interface RetentionOptions {
  readonly cut: RetentionCut;
  readonly kept: KeptRows;
}

/** What the rules of the tables are handed. */
export interface RetentionRequest extends RetentionOptions {
  /** Tenant, model, version and role of the versions none of whose windows was measured since the cut of results. */
  readonly goneVersions: readonly (readonly string[])[];
}

export interface Removed {
  /** Rows by table that were removed. */
  readonly rows: Readonly<Record<string, number>>;
}

interface TableBound {
  /** What bounds the table, for people. */
  readonly bound: string;
  /** Removes what may go and returns how many rows that were; null for a table that cannot grow with time. */
  readonly remove: ((store: Store, request: RetentionRequest) => Promise<number>) | null;
}

/** What keeps each table from growing without end; a new table must say. In the order in which they are gone through. */
export const tableBounds: Readonly<Record<TableName, TableBound>> = {
  prediction: {
    bound: "`store.retention`, by whole weeks",
    remove: (store, request) => removeOldWeeks(store, "prediction", request),
  },
  attribution: {
    bound: "`store.retention`, by whole weeks",
    remove: (store, request) => removeOldWeeks(store, "attribution", request),
  },
  class_probability: {
    bound: "`store.retention`, by whole weeks",
    remove: (store, request) => removeOldWeeks(store, "class_probability", request),
  },
  member_answer: {
    bound: "`store.retention`, by whole weeks",
    remove: (store, request) => removeOldWeeks(store, "member_answer", request),
  },
  vector: {
    bound: "`store.retention`, by whole weeks",
    remove: (store, request) => removeOldWeeks(store, "vector", request),
  },
  metric_point: {
    bound: "`store.retention`, by whole weeks",
    remove: (store, request) => removeOldWeeks(store, "metric_point", request),
  },
  outcome: { bound: "`store.retention`", remove: removeOldOutcomes },
  boundary: { bound: "`store.retention`, once no point names them", remove: removeOldBoundaries },
  window_estimate: {
    bound: "`store.retention`, and the 128 before it that later estimates are weighed by",
    remove: removeOldEstimates,
  },
  window_count: { bound: "`store.retention`", remove: removeOldCounts },
  stream_look: {
    bound: "`store.retention`, up to a snapshot that the verdicts go on from",
    remove: removeOldLooks,
  },
  stream_state: { bound: "`store.retention`, and the snapshot before it", remove: removeOldStates },
  explanation: { bound: "`store.resultRetention`", remove: removeOldExplanations },
  measurement: {
    bound:
      "`store.resultRetention`; of windows shorter than a day `store.retention`, unless a model has no longer ones; mean losses, harmful shift and charted series as long as their version is measured",
    remove: removeOldMeasurements,
  },
  paired_minute: {
    bound: "as long as the challenger is measured, then `store.resultRetention`",
    remove: (store, request) => removeOldVersions(store, "paired_minute", request),
  },
  window_ensemble: {
    bound: "as long as the ensemble's version is measured, then `store.resultRetention`",
    remove: (store, request) => removeOldVersions(store, "window_ensemble", request),
  },
  profile: {
    bound: "`store.resultRetention`, once neither the configuration nor a measurement names it",
    remove: removeOldProfiles,
  },
  evaluation_mark: { bound: "one row a model of the configuration", remove: null },
};

/**
 * Removes what both lies before the cut in event time and arrived before it: a replay of old data does not remove itself,
 * and what an open window reads stays whatever its age.
 */
export async function removeOld(store: Store, options: RetentionOptions): Promise<Removed> {
  const request = { ...options, goneVersions: await goneVersionsOf(store, options.cut) };
  const rows: Record<string, number> = {};
  for (const [table, { remove }] of Object.entries(tableBounds)) {
    const removed = (await remove?.(store, request)) ?? 0;
    if (removed > 0) rows[table] = removed;
  }
  return { rows };
}

async function goneVersionsOf(store: Store, { results }: RetentionCut): Promise<string[][]> {
  const gone = await store.query<{ tenant: string; model: string; version: string; role: string }>(
    `SELECT tenant, model, version, role FROM measurement GROUP BY tenant, model, version, role
    HAVING max(rx) < fromUnixTimestamp64Milli({receivedMs:Int64}, 'UTC') AND max(end) < fromUnixTimestamp64Milli({eventMs:Int64}, 'UTC')
    ORDER BY tenant, model, version, role`,
    { ...results },
  );
  return gone.map(({ tenant, model, version, role }) => [tenant, model, version, role]);
}
