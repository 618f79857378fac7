import type { Config } from "@tidemark/schema";
import type { ProcessorStatus, ScheduleStatus } from "./api/status.ts";
import type { Health } from "./emit/health-points.ts";
import type { ScheduleState } from "./evaluate/scheduled-runs.ts";
import type { Evaluation } from "./evaluate/start-evaluation.ts";
import type { SilenceWatch } from "./evaluate/watch-silence.ts";
import type { KafkaIntake } from "./kafka/consume-topics.ts";
import type { Pipeline } from "./pipeline/create-pipeline.ts";

export interface StatusOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly evaluation: Evaluation;
  readonly silence: Pick<SilenceWatch, "of">;
  /** Null where no topics are read. */
  readonly kafka: KafkaIntake | null;
  readonly now: () => number;
}

export interface StatusReader {
  /** For `GET /v1/status`: the process as a whole, and one tenant's models. */
  read(tenant: string): ProcessorStatus;
  /** For the processor's own metrics; of every tenant's models where none is named. */
  health(tenant?: string): Health;
}

/** Gathers what the parts know of themselves. */
export function createProcessorStatus(options: StatusOptions): StatusReader {
  const { config, pipeline, evaluation, silence, kafka, now } = options;
  const startedAt = new Date(now()).toISOString();
  const queue = () => ({ bytes: pipeline.writer.queuedBytes(), limitBytes: config.server.maxQueuedBytes });

  const lagSeconds = (tenant: string, model: string, boundMs: number): number | null => {
    const endMs = evaluation.log.newestEndMs(tenant, model);
    if (endMs === null) return null;
    return Number.isFinite(boundMs) ? Math.max(0, boundMs - endMs) / 1000 : 0;
  };

  const progressOf = (tenant: string | undefined) =>
    evaluation.evaluator
      .progress()
      .filter((progress) => (tenant === undefined || progress.tenant === tenant) && evaluation.owns(progress));

  return {
    read: (tenant) => ({
      mode: config.clock.mode,
      startedAt,
      ingest: pipeline.counters.list(tenant),
      queue: queue(),
      kafka: kafka?.status() ?? null,
      series: pipeline.series.usage(tenant),
      evaluation: {
        windows: evaluation.log.windows,
        failures: evaluation.log.failures,
        lastSeconds: evaluation.log.lastSeconds,
      },
      models: progressOf(tenant).map(({ model, newestMs, watermarkMs, boundMs, schedule }) => ({
        tenant,
        model,
        newestTime: new Date(newestMs).toISOString(),
        watermark: Number.isFinite(watermarkMs) ? new Date(watermarkMs).toISOString() : null,
        lagSeconds: lagSeconds(tenant, model, boundMs),
        silence: silence.of({ tenant, model, newestMs }),
        schedule: scheduleStatus(config, { tenant, model }, schedule),
      })),
    }),
    health: (tenant) => ({
      ingest: pipeline.counters.list(tenant),
      queuedBytes: queue().bytes,
      maxQueuedBytes: queue().limitBytes,
      kafka: kafka?.status() ?? null,
      series: pipeline.series.usage(tenant),
      models: progressOf(tenant).map(({ tenant, model, newestMs, boundMs, schedule }) => ({
        tenant,
        model,
        // Under replay the wall clock says nothing of how old the data is.
        dataAgeSeconds: config.clock.mode === "live" ? Math.max(0, now() - newestMs) / 1000 : null,
        silence: silence.of({ tenant, model, newestMs }),
        lagSeconds: lagSeconds(tenant, model, boundMs),
        schedule,
        evaluationSeconds: evaluation.log.lastSeconds,
      })),
    }),
  };
}

function scheduleStatus(
  config: Config,
  of: { readonly tenant: string; readonly model: string },
  state: ScheduleState | null,
): ScheduleStatus | null {
  const schedule = config.models.find(({ tenant, name }) => tenant === of.tenant && name === of.model)?.schedule;
  if (schedule === undefined || state === null) return null;
  const { lastRunMs, lastPlannedMs, nextRunMs, overdueSeconds, runs } = state;
  return {
    ...schedule,
    lastRun: isoOf(lastRunMs),
    lastPlanned: isoOf(lastPlannedMs),
    nextRun: isoOf(nextRunMs),
    overdueSeconds,
    runs,
  };
}

function isoOf(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}
