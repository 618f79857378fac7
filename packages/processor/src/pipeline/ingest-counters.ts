/** What became of a record: `tidemark.ingest.result` of the semantic conventions. */
type IngestOutcome = "accepted" | "rejected" | "ignored" | "dropped";

export interface IngestCount {
  readonly record: "prediction" | "outcome" | "point" | "other";
  readonly result: IngestOutcome;
  /** Empty for accepted ones. */
  readonly reason: string;
  readonly count: number;
}

export interface IngestCounters {
  add(record: IngestCount["record"], result: IngestOutcome, reason: string, count: number): void;
  /** All counts that are not zero, sorted by record, result and reason. */
  list(): IngestCount[];
}

/** Counts of records since the start of the process. Reasons come from our own code, so their number is bounded. */
export function createIngestCounters(): IngestCounters {
  const counts = new Map<string, IngestCount>();
  return {
    add(record, result, reason, count) {
      if (count === 0) return;
      const key = `${record}|${result}|${reason}`;
      counts.set(key, { record, result, reason, count: (counts.get(key)?.count ?? 0) + count });
    },
    list: () => [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count),
  };
}
