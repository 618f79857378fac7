import type { Config } from "@tidemark/schema";
import type { Logger } from "pino";
import { logFailure } from "../log-failure.ts";
import { createFairShare } from "../receive/fair-share.ts";
import { LONGEST_COMMIT_MS } from "../replicas/visible-within.ts";
import type { Store } from "../store/store.ts";
import { createWriter, type Writer } from "../store/writer.ts";
import { acceptanceAt } from "./acceptance.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";
import { createEventTimes, type EventTimes } from "./event-times.ts";
import { createIngest, type Ingest } from "./ingest.ts";
import { createIngestCounters, type IngestCounters } from "./ingest-counters.ts";
import { createLogOnce } from "./log-once.ts";
import type { MonitoredModels } from "./monitored-models.ts";
import { createRecordRouter } from "./route-records.ts";
import { createSeriesGuard, type SeriesGuard } from "./series-guard.ts";

export interface PipelineOptions {
  readonly store: Store;
  readonly config: Config;
  readonly models: MonitoredModels;
  readonly now: () => number;
  readonly logger: Logger;
  /** Whether other processors judge what this one stores. */
  readonly isReplica: boolean;
}

export interface Pipeline {
  readonly ingest: Ingest;
  readonly counters: IngestCounters;
  readonly eventTimes: EventTimes;
  readonly writer: Writer;
  readonly deadLetters: DeadLetters;
  readonly series: Pick<SeriesGuard, "usage">;
  /** Number of requests stored so far. */
  readonly revision: () => number;
}

const LOG_INTERVAL_MS = 60_000;
/** Below the ten seconds after which OTLP exporters give a request up and send it again, asked or not. */
const ANSWER_WITHIN_MS = 8_000;

/** Everything between the decoder and the store. */
export function createPipeline({ store, config, models, now, logger, isReplica }: PipelineOptions): Pipeline {
  const counters = createIngestCounters();
  const eventTimes = createEventTimes();
  const writer = createWriter(store, {
    ...{ maxQueuedBytes: config.server.maxQueuedBytes, now },
    ...(isReplica ? { longestCommitMs: LONGEST_COMMIT_MS } : {}),
  });
  const series = createSeriesGuard(now);
  const logOnce = createLogOnce(LOG_INTERVAL_MS, now);
  let revision = 0;
  const deadLetters = createDeadLetters(store.path, now);
  const ingest = createIngest({
    deadLetters,
    shares: createFairShare(config.server.maxQueuedBytes),
    router: createRecordRouter({
      models,
      counters,
      series,
      onUnknown: (kind, name) =>
        logOnce(`${kind} ${name}`, () => logger.warn({ [kind]: name }, `unknown ${kind}: its records are ignored`)),
    }),
    counters,
    eventTimes,
    writer,
    answerWithinMs: ANSWER_WITHIN_MS,
    acceptance: () => acceptanceAt(config.clock, now()),
    onStored: () => {
      revision++;
    },
    onFailure: (error) => logOnce("store", () => logFailure(logger, error, "records could not be stored")),
  });
  return { ingest, counters, eventTimes, writer, deadLetters, series, revision: () => revision };
}
