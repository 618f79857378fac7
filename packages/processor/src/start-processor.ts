import { resolve } from "node:path";
import type { Config } from "@tidemark/schema";
import { type Signal, signals } from "@tidemark/signals";
import { type Logger, pino } from "pino";
import { commandRoutes } from "./api/command-routes.ts";
import { exportRoute } from "./api/export-route.ts";
import { healthRoutes } from "./api/health-routes.ts";
import { openApiRoute } from "./api/open-api.ts";
import { type Page, pageRoutes } from "./api/page-routes.ts";
import { createReadApi } from "./api/read-api.ts";
import { createRouter } from "./api/router.ts";
import { readRoutes } from "./api/routes.ts";
import { boardPoints } from "./emit/board-points.ts";
import type { EmittedPoint } from "./emit/emitted-point.ts";
import { healthPoints } from "./emit/health-points.ts";
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from "./emit/prometheus-text.ts";
import { startExport } from "./emit/start-export.ts";
import { startEvaluation } from "./evaluate/start-evaluation.ts";
import { exportPredictions } from "./export/export-predictions.ts";
import { createPipeline } from "./pipeline/create-pipeline.ts";
import { loadModels } from "./pipeline/load-models.ts";
import type { MonitoredModels } from "./pipeline/monitored-models.ts";
import { yieldToIngest } from "./pipeline/yield-to-ingest.ts";
import { createProcessorStatus } from "./processor-status.ts";
import { createRoom } from "./receive/create-room.ts";
import { type Handler, startHttpServer } from "./receive/http-server.ts";
import { answerOtlp, type OtlpEndpointOptions, type OtlpSignal } from "./receive/otlp-endpoint.ts";
import { listModels } from "./store/models.ts";
import { openStore } from "./store/open-store.ts";
import { saveProfile } from "./store/profiles.ts";
import type { Store } from "./store/store.ts";

export interface ProcessorOptions {
  readonly config: Config;
  /** What relative paths in the configuration start from. */
  readonly directory: string;
  /** Pages for people by path, such as a report at `/`. */
  readonly pages?: Readonly<Record<string, Page>>;
  /** Wall clock, Unix milliseconds. */
  readonly now?: () => number;
  /** JSON lines to stderr by default. */
  readonly logger?: Logger;
  /** What judges; all signals by default. */
  readonly signals?: readonly Signal[];
}

export interface Processor {
  /** `http://host:port` with the port really taken. */
  readonly url: string;
  /**
   * Stops accepting, stores what was accepted, ends the running evaluation and releases the data folder. A second call
   * waits for the first.
   */
  close(): Promise<void>;
}

/**
 * Starts the service: profiles, store, the way in, evaluation, the way out, in this order.
 * Throws TidemarkError `profileUnreadable`, `storeLocked`, `storeCorrupt`, `storeFull` or `portTaken`; nothing is left
 * running then.
 */
export async function startProcessor(options: ProcessorOptions): Promise<Processor> {
  const models = await loadModels(options.config, options.directory);
  const store = await openStore(resolve(options.directory, options.config.store.path));
  try {
    return await startOnStore(store, models, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function startOnStore(store: Store, models: MonitoredModels, options: ProcessorOptions): Promise<Processor> {
  const { config, now = Date.now, logger = pino(pino.destination(2)) } = options;
  for (const { profile } of models.values()) await saveProfile(store, profile, now());
  const { maxQueuedBytes } = config.server;
  const pipeline = createPipeline({ store, config, models, now, logger });
  const evaluation = await startEvaluation({
    store,
    config,
    models,
    signals: options.signals ?? signals,
    eventTimes: pipeline.eventTimes,
    now,
    logger,
    revision: pipeline.revision,
    visibleBefore: () => pipeline.writer.visibleBefore(),
    yieldToIngest: () => yieldToIngest(() => pipeline.writer.queuedBytes() / maxQueuedBytes),
  });
  const status = createProcessorStatus({ config, pipeline, evaluation, now });
  const api = createReadApi({ store, board: evaluation.board, models, status: status.read });
  const points = (): EmittedPoint[] => [
    ...boardPoints(evaluation.board.currentEntries()),
    ...healthPoints(status.health()),
  ];
  const finishReplay = async (): Promise<number> => {
    await pipeline.writer.flush();
    evaluation.evaluator.finish();
    return evaluation.schedule.runNow();
  };
  const routes = [
    ...readRoutes(api),
    exportRoute({
      listKeys: () => listModels(store),
      writeFile: (request) => exportPredictions(store, request),
    }),
    ...commandRoutes({
      limits: config.server,
      now,
      ingestOutcomes: (otlp) => pipeline.ingest("logs", otlp, "json"),
      finishReplay: config.clock.mode === "replay" ? finishReplay : null,
    }),
    ...healthRoutes({
      metricsText: () => ({ contentType: PROMETHEUS_CONTENT_TYPE, body: prometheusText(points()) }),
      checkStore: () => store.health(),
    }),
  ];
  const otlp: OtlpEndpointOptions = {
    limits: config.server,
    room: createRoom(maxQueuedBytes, () => pipeline.writer.queuedBytes()),
    ingest: pipeline.ingest,
  };
  const described = [...routes, openApiRoute(routes)];
  const router = createRouter([...described, ...pageRoutes(options.pages ?? {}, api, described)]);
  const stopEvaluation = () => evaluation.schedule.close();
  const server = await startHttpServer(config.server, withOtlp(otlp, router), logger).catch(async (error) => {
    await stopEvaluation();
    throw error;
  });
  const metricsExport =
    config.export.url === undefined
      ? null
      : startExport({
          url: config.export.url,
          intervalMs: config.export.interval,
          points,
          now,
          onFailure: (error) => logger.warn({ err: error, url: config.export.url }, "metrics could not be exported"),
        });
  logger.info({ url: server.url, store: store.path, models: [...models.keys()] }, "listening");
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await server.close();
    await pipeline.writer.flush();
    await stopEvaluation();
    await metricsExport?.close();
    await store.close();
  };
  return {
    url: server.url,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

const OTLP_PATHS: Readonly<Record<string, OtlpSignal>> = {
  "/v1/logs": "logs",
  "/v1/metrics": "metrics",
  "/v1/traces": "traces",
};

function withOtlp(options: OtlpEndpointOptions, otherwise: Handler): Handler {
  return (request) => {
    const signal = OTLP_PATHS[request.url?.split("?", 1)[0] ?? ""];
    return signal === undefined ? otherwise(request) : answerOtlp(request, signal, options);
  };
}
