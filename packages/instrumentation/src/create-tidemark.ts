import { EventEmitter } from "./events/event-emitter.ts";
import type { MetricProducer } from "./export/metric-data.ts";
import { createMetricProducer } from "./export/metric-producer.ts";
import { InstrumentMetrics } from "./instruments/instrument-metrics.ts";
import { LiveAggregation } from "./live/live-aggregation.ts";
import type { ModelDescription } from "./model-description.ts";
import { createRecordProcessor, type RecordProcessorOptions } from "./outbox/create-record-processor.ts";
import type { LogRecordExporter, LogRecordProcessor } from "./outbox/log-sdk.ts";
import { ProfileFetcher } from "./profile/profile-fetcher.ts";
import { isEventTime } from "./record/event-time.ts";
import type { ModelRecorder } from "./record/model-recorder.ts";
import { ModelRegistry } from "./record/model-registry.ts";
import type { Outcome } from "./record/record-types.ts";
import { ReplayAggregation } from "./replay/replay-aggregation.ts";
import { DropCounter } from "./safety/drop-counter.ts";
import { describeValue, warn } from "./safety/warn.ts";
import { readOptions, type TidemarkOptions } from "./tidemark-options.ts";

/** The instrumentation of one service. No method throws. */
export interface Tidemark {
  /** The recorder of a model version in a role. The same description gives the same recorder; of two, the first wins. */
  describeModel(description: ModelDescription): ModelRecorder;
  /** Reports ground truth for a model that another process serves. */
  recordOutcome(modelName: string, outcome: Outcome): void;
  /** For the `metricProducers` option of the host's metric reader. */
  readonly metricProducer: MetricProducer;
  /**
   * A processor for the host's logger provider, in place of the SDK's own: what it loses is counted, and it can keep records
   * on disk while the exporter fails.
   */
  recordProcessor(exporter: LogRecordExporter, options?: RecordProcessorOptions): LogRecordProcessor;
  /** Sends the events that wait in a reservoir: to be called before the host's logger provider shuts down. */
  flush(): void;
  /** Under replay: no record of an event time before this will come, so the looks before it can be closed. */
  advanceTo(eventTimeMs: number): void;
  /** Under replay: closes every look, at the end. */
  closeLooks(): void;
  /** Under replay: closed looks that wait for a collection; flush the metric reader before the queue is full. */
  readonly queuedLooks: number;
}

/** Makes the instrumentation of a service. Nothing is sent before a model is described. */
export function createTidemark(options: TidemarkOptions = {}): Tidemark {
  return assembleTidemark(options, new DropCounter()).tidemark;
}

/** The same with a counter of losses that its maker counts with, and its models. */
export function assembleTidemark(
  options: TidemarkOptions,
  drops: DropCounter,
): { readonly tidemark: Tidemark; readonly models: ModelRegistry } {
  const settings = readOptions(options);
  const { meterProvider, now, replay, temporality } = settings;
  if (replay !== null && settings.profiles !== null) warn("profiles are not fetched under replay; name their files");
  const replayed = replay === null ? null : new ReplayAggregation({ ...replay, temporality, drops, now });
  const instruments = meterProvider === null ? null : new InstrumentMetrics(meterProvider, drops);
  const listenTo: InstrumentMetrics["listenTo"] | null = instruments && ((...args) => instruments.listenTo(...args));
  const live = new LiveAggregation(temporality, drops, now, listenTo);
  instruments?.observe(() => live.takePoints());
  const aggregation = replayed ?? live;
  const events = new EventEmitter({ ...settings, drops, random: Math.random });
  const profiles = replay !== null || settings.profiles === null ? null : new ProfileFetcher(settings.profiles);
  const models = new ModelRegistry({
    ...settings,
    aggregation,
    events,
    drops,
    profiles: profiles && { source: profiles, replaceModel: (...args) => live.replaceModel(...args) },
  });

  function underReplay(action: (aggregation: ReplayAggregation) => void): void {
    try {
      if (replayed !== null) action(replayed);
      else drops.add("invalid_field", () => "looks are closed under replay only; pass { replay: true }");
    } catch (error) {
      drops.addError(error);
    }
  }

  const tidemark: Tidemark = {
    describeModel: (description) => models.describe(description),
    recordOutcome: (modelName, outcome) => models.recordOutcome(modelName, outcome),
    metricProducer: createMetricProducer(() => aggregation.takePoints()),
    advanceTo: (eventTimeMs) =>
      underReplay((aggregation) => {
        if (isEventTime(eventTimeMs)) aggregation.advanceTo(eventTimeMs);
        else
          drops.add("invalid_field", () => `advanceTo got ${describeValue(eventTimeMs)}, expected Unix milliseconds`);
      }),
    closeLooks: () => underReplay((aggregation) => aggregation.closeAll()),
    recordProcessor: (exporter, options = {}) => createRecordProcessor(exporter, options, drops, now),
    flush() {
      try {
        events.flush();
      } catch (error) {
        drops.addError(error);
      }
    },
    get queuedLooks() {
      return replayed?.queuedLooks ?? 0;
    },
  };
  return { tidemark, models };
}
