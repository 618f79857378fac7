/** What became of a record: `tidemark.ingest.result` of the semantic conventions. */
type IngestOutcome = "accepted" | "rejected" | "ignored" | "dropped";

export interface IngestCount {
  readonly record: "prediction" | "outcome" | "point" | "input" | "other";
  readonly result: IngestOutcome;
  /** Empty for accepted ones. */
  readonly reason: string;
  readonly count: number;
}

export interface IngestCounters {
  add(tenant: string, record: IngestCount["record"], result: IngestOutcome, reason: string, count: number): void;
  /** The counts that are not zero, of one tenant or of all together, sorted by record, result and reason. */
  list(tenant?: string): IngestCount[];
}

/**
 * Counts of records since the start of the process. Tenants come from credentials and reasons from our own code, so their
 * number is bounded.
 */
export function createIngestCounters(): IngestCounters {
  const byTenant = new Map<string, Map<string, IngestCount>>();
  return {
    add(tenant, record, result, reason, count) {
      if (count === 0) return;
      const counts = byTenant.get(tenant) ?? new Map<string, IngestCount>();
      byTenant.set(tenant, counts);
      addTo(counts, { record, result, reason, count });
    },
    list(tenant) {
      const all = new Map<string, IngestCount>();
      const chosen = tenant === undefined ? [...byTenant.values()] : [byTenant.get(tenant) ?? new Map<string, never>()];
      for (const counts of chosen) for (const each of counts.values()) addTo(all, each);
      return [...all.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
    },
  };
}

function addTo(counts: Map<string, IngestCount>, added: IngestCount): void {
  const key = `${added.record}|${added.result}|${added.reason}`;
  counts.set(key, { ...added, count: (counts.get(key)?.count ?? 0) + added.count });
}
