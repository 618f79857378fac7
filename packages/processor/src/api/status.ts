import type { IngestCount } from "../pipeline/ingest-counters.ts";

export interface ModelStatus {
  readonly tenant: string;
  readonly model: string;
  /** Newest event time of predictions and points, ISO 8601 UTC. */
  readonly newestTime: string;
  /** Event time up to which windows are judged; null once a replay has ended and all are. */
  readonly watermark: string | null;
  /** Event seconds from the newest judged window's end to the watermark; null before the first window. */
  readonly lagSeconds: number | null;
}

/** What `GET /v1/status` answers. */
export interface ProcessorStatus {
  readonly mode: "live" | "replay";
  readonly startedAt: string;
  readonly ingest: readonly IngestCount[];
  readonly queue: { readonly bytes: number; readonly limitBytes: number };
  readonly evaluation: {
    /** Windows judged since the start, again ones included. */
    readonly windows: number;
    /** Passes that the store made fail, and signals that threw. */
    readonly failures: number;
    /** Seconds that the latest window took. */
    readonly lastSeconds: number | null;
  };
  readonly models: readonly ModelStatus[];
}
