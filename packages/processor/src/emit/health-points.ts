import { attr, type MonitorState, metrics } from "@tidemark/semconv";
import type { ScheduleState } from "../evaluate/scheduled-runs.ts";
import type { Silence } from "../evaluate/watch-silence.ts";
import type { KafkaStatus } from "../kafka/consume-topics.ts";
import type { IngestCount } from "../pipeline/ingest-counters.ts";
import type { SeriesUsage } from "../pipeline/series-guard.ts";
import type { EmittedPoint } from "./emitted-point.ts";
import { tenantAttribute } from "./tenant-attribute.ts";

/** The processor's own condition at one moment. */
export interface Health {
  readonly ingest: readonly IngestCount[];
  readonly queuedBytes: number;
  readonly maxQueuedBytes: number;
  /** Null where no topics are read. */
  readonly kafka: KafkaStatus | null;
  readonly series: SeriesUsage;
  readonly models: readonly ModelHealth[];
}

interface ModelHealth {
  readonly tenant: string;
  readonly model: string;
  /** Seconds since the newest prediction or point; by the clock that event time runs on. */
  readonly dataAgeSeconds: number | null;
  /** Null while records come. */
  readonly silence: Silence | null;
  /** Event seconds between the time up to which windows ought to be judged and the end of the newest judged window. */
  readonly lagSeconds: number | null;
  readonly schedule: ScheduleState | null;
  /** Seconds that judging the latest window took. */
  readonly evaluationSeconds: number | null;
}

/** The `tidemark.*` metrics and the age of each model's data. */
export function healthPoints(health: Health): EmittedPoint[] {
  return [
    ...ingestPoints(health.ingest),
    { metric: metrics.ingestQueueUsage, attributes: {}, value: health.queuedBytes },
    { metric: metrics.ingestQueueLimit, attributes: {}, value: health.maxQueuedBytes },
    ...kafkaPoints(health.kafka),
    { metric: metrics.seriesUsage, attributes: {}, value: health.series.series },
    { metric: metrics.seriesLimit, attributes: {}, value: health.series.limit },
    ...health.models.flatMap(modelPoints),
  ];
}

function ingestPoints(counts: readonly IngestCount[]): EmittedPoint[] {
  const sums = new Map<string, EmittedPoint>();
  for (const { result, reason, count } of counts) {
    const key = `${result}|${reason}`;
    sums.set(key, {
      metric: metrics.ingestRecords,
      attributes: { [attr.ingestResult]: result, ...(reason === "" ? {} : { [attr.ingestReason]: reason }) },
      value: (sums.get(key)?.value ?? 0) + count,
    });
  }
  return [...sums.values()];
}

function kafkaPoints(kafka: KafkaStatus | null): EmittedPoint[] {
  if (kafka === null) return [];
  const connected = { metric: metrics.kafkaConnected, attributes: {}, value: kafka.state === "lost" ? 0 : 1 };
  return [connected, ...(kafka.lag === null ? [] : [{ metric: metrics.kafkaLag, attributes: {}, value: kafka.lag }])];
}

function modelPoints(health: ModelHealth): EmittedPoint[] {
  const attributes = { [attr.modelName]: health.model, ...tenantAttribute(health.tenant) };
  const values = [
    [metrics.dataAge, health.dataAgeSeconds],
    [metrics.evaluationLag, health.lagSeconds],
    [metrics.evaluationDuration, health.evaluationSeconds],
  ] as const;
  return [
    ...values.flatMap(([metric, value]) => (value === null ? [] : [{ metric, attributes, value }])),
    ...(health.silence === null ? [] : limitPoints(health.silence, attributes)),
    ...(health.schedule === null ? [] : schedulePoints(health.schedule, attributes)),
  ];
}

function limitPoints(
  { warningAfterSeconds, criticalAfterSeconds }: Silence,
  attributes: EmittedPoint["attributes"],
): EmittedPoint[] {
  const limits: readonly [MonitorState, number | null][] = [
    ["warning", warningAfterSeconds],
    ["critical", criticalAfterSeconds],
  ];
  return limits.flatMap(([state, value]) =>
    value === null
      ? []
      : [{ metric: metrics.dataAgeLimit, attributes: { ...attributes, [attr.monitorState]: state }, value }],
  );
}

function schedulePoints(
  { lastRunMs, nextRunMs, overdueSeconds, runs }: ScheduleState,
  attributes: EmittedPoint["attributes"],
): EmittedPoint[] {
  const seconds = [
    [metrics.scheduleOverdue, overdueSeconds],
    [metrics.scheduleLastRun, lastRunMs === null ? null : lastRunMs / 1000],
    [metrics.scheduleNextRun, nextRunMs === null ? null : nextRunMs / 1000],
  ] as const;
  return [
    ...seconds.flatMap(([metric, value]) => (value === null ? [] : [{ metric, attributes, value }])),
    ...Object.entries(runs).map(([result, value]) => ({
      metric: metrics.scheduleRuns,
      attributes: { ...attributes, [attr.scheduleResult]: result },
      value,
    })),
  ];
}
