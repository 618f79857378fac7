import type { ScheduleResult } from "../evaluate/scheduled-runs.ts";
import type { Silence } from "../evaluate/watch-silence.ts";
import type { KafkaStatus } from "../kafka/consume-topics.ts";
import type { IngestCount } from "../pipeline/ingest-counters.ts";
import type { SeriesUsage } from "../pipeline/series-guard.ts";

/** How a model's schedule stands; times are ISO 8601 UTC. */
export interface ScheduleStatus {
  readonly cron: string;
  readonly timeZone: string;
  /**
   * When the last run was made, by the clock or under replay in event time; after a restart the time that it was planned for; null before the
   * first.
   */
  readonly lastRun: string | null;
  /** The scheduled time that the last run was for. */
  readonly lastPlanned: string | null;
  readonly nextRun: string | null;
  /** Seconds since the earliest run that was not made could have been; 0 where none is missing. */
  readonly overdueSeconds: number;
  /** Since the processor's start, by result. */
  readonly runs: Readonly<Record<ScheduleResult, number>>;
}

export interface ModelStatus {
  readonly tenant: string;
  readonly model: string;
  /** Newest event time of predictions and points, ISO 8601 UTC. */
  readonly newestTime: string;
  /** Event time up to which windows are judged; null once a replay has ended and all are. */
  readonly watermark: string | null;
  /**
   * Event seconds from the newest judged window's end to the watermark, or to a schedule's last instant before it; null
   * before the first window.
   */
  readonly lagSeconds: number | null;
  /** How long nothing has come, against the same hours of the weeks before; null while records come, and under replay. */
  readonly silence: Silence | null;
  /** When its windows are judged; null where it has no schedule and they are judged as they close. */
  readonly schedule: ScheduleStatus | null;
}

/** What `GET /v1/status` answers. */
export interface ProcessorStatus {
  readonly mode: "live" | "replay";
  readonly startedAt: string;
  readonly ingest: readonly IngestCount[];
  /** Null where no topics are read. */
  readonly kafka: KafkaStatus | null;
  readonly queue: { readonly bytes: number; readonly limitBytes: number };
  /** The tenant's series of points of the running hour. */
  readonly series: SeriesUsage;
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
