import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Config, contentHash } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { type Signal, signals } from "@tidemark/signals";
import { type Logger, pino } from "pino";
import { type AuditLog, openAuditLog } from "./access/audit-log.ts";
import { auditStart, lossesOf, type StartDetail, startDetail } from "./access/config-losses.ts";
import { assertGuarded, type RunningAccess, startAccess } from "./access/start-access.ts";
import { readUsualSilence } from "./aggregate/usual-silence.ts";
import type { Page } from "./api/page-routes.ts";
import { createProcessorRouter } from "./api/processor-router.ts";
import { createReadApi, type ReadApiOf } from "./api/read-api.ts";
import { openConfiguredStore } from "./clickhouse/open-configured-store.ts";
import { boardPoints } from "./emit/board-points.ts";
import type { EmittedPoint } from "./emit/emitted-point.ts";
import { exportEvents } from "./emit/export-events.ts";
import { healthPoints } from "./emit/health-points.ts";
import { startExport } from "./emit/start-export.ts";
import { judgedTimes } from "./evaluate/judged-times.ts";
import { keptRows } from "./evaluate/kept-rows.ts";
import { startEvaluation } from "./evaluate/start-evaluation.ts";
import { createSilenceWatch, startSilenceWatch } from "./evaluate/watch-silence.ts";
import { type ConnectTopics, createConnectTopics } from "./kafka/connect-topics.ts";
import type { KafkaIntake } from "./kafka/consume-topics.ts";
import { startKafka } from "./kafka/start-kafka.ts";
import { logFailure } from "./log-failure.ts";
import { logLevel } from "./log-level.ts";
import { createPipeline } from "./pipeline/create-pipeline.ts";
import { loadModels } from "./pipeline/load-models.ts";
import type { MonitoredModels } from "./pipeline/monitored-models.ts";
import { yieldToIngest } from "./pipeline/yield-to-ingest.ts";
import { createProcessorStatus } from "./processor-status.ts";
import { createRoom } from "./receive/create-room.ts";
import { createFairShare } from "./receive/fair-share.ts";
import { startGrpcServer } from "./receive/grpc-server.ts";
import { startHttpServer } from "./receive/http-server.ts";
import { createMemoryGuard } from "./receive/memory-guard.ts";
import type { OtlpEndpointOptions } from "./receive/otlp-endpoint.ts";
import { withOtlp } from "./receive/with-otlp.ts";
import { VISIBLE_WITHIN_MS } from "./replicas/visible-within.ts";
import { createMaintenance } from "./store/maintenance.ts";
import type { openStore } from "./store/open-store.ts";
import { saveProfile } from "./store/profiles.ts";
import { retentionCut } from "./store/retention-cut.ts";
import { startRetention } from "./store/start-retention.ts";
import type { Store } from "./store/store.ts";

export interface ProcessorOptions {
  readonly config: Config;
  /** What relative paths in the configuration start from. */
  readonly directory: string;
  /** Pages for people by path, such as a report at `/`. */
  readonly pages?: Readonly<Record<string, Page>>;
  /** Wall clock, Unix milliseconds. */
  readonly now?: () => number;
  /** JSON lines to stderr by default, as much as OTEL_LOG_LEVEL says. */
  readonly logger?: Logger;
  /** Start also where the configuration, against the last start's, would lose data. */
  readonly acceptLoss?: boolean;
  /** Opens the embedded store. */
  readonly openStore?: typeof openStore;
  /** What judges; all signals by default. */
  readonly signals?: readonly Signal[];
}

export interface Processor {
  /** `http://host:port` with the port really taken. */
  readonly url: string;
  /** `host:port` of OTLP/gRPC; null where it is off. */
  readonly grpcAddress: string | null;
  /**
   * Says at /readyz that it is not ready, and goes on answering for the configured `server.drainPeriod`, so that load
   * balancers send elsewhere before close().
   */
  drain(): Promise<void>;
  /**
   * Stops accepting, stores what was accepted, ends the running evaluation and releases the data folder. A second call
   * waits for the first.
   */
  close(): Promise<void>;
}

/**
 * Starts the service: profiles, store, the way in, evaluation, the way out, in this order.
 * Throws TidemarkError `accessOpen`, `credentialsInvalid`, `tlsInvalid`, `profileUnreadable`, `configInvalid`, `storeLocked`,
 * `storeCorrupt`, `storeFull`, `storeUnreachable`, `configLosesData` or `portTaken`; nothing is left running then.
 */
export async function startProcessor(options: ProcessorOptions): Promise<Processor> {
  assertGuarded(options.config.server);
  const { now = Date.now, logger = pino({ level: logLevel(process.env) }, pino.destination(2)) } = options;
  const models = await loadModels(options.config, options.directory, ({ path, message }) =>
    logger.warn({ path }, `in the configuration, ${message}`),
  );
  const connectTopics = await createConnectTopics(options.config.kafka, options.directory);
  const backupFolder = resolve(options.directory, options.config.store.backups);
  const store = await openConfiguredStore(options.config.store, options.directory, options.openStore);
  const closers: (() => void)[] = [];
  try {
    const audit = openAuditLog(join(store.path, "audit.jsonl"), now);
    closers.push(() => audit.close());
    const start = startDetail(options.config, contentHash(options.config));
    const losses = lossesOf(audit, start);
    if (losses.length > 0 && options.acceptLoss !== true) throw new TidemarkError("configLosesData", losses.join("; "));
    const access = startAccess({ server: options.config.server, directory: options.directory, now, audit, logger });
    closers.push(() => access.close());
    const parts = { now, logger, store, backupFolder, models, audit, access, start, losses, connectTopics };
    return await startOnStore({ ...options, ...parts });
  } catch (error) {
    for (const close of closers.reverse()) close();
    await store.close();
    throw error;
  }
}

interface StartedParts extends ProcessorOptions {
  readonly now: () => number;
  readonly logger: Logger;
  readonly store: Store;
  readonly models: MonitoredModels;
  readonly audit: AuditLog;
  readonly access: RunningAccess;
  readonly backupFolder: string;
  /** Null where the configuration names no topics. */
  readonly connectTopics: ConnectTopics | null;
  readonly start: StartDetail;
  /** What the configuration loses against the last start's, and is meant to. */
  readonly losses: readonly string[];
}

async function startOnStore(options: StartedParts): Promise<Processor> {
  const { config, now, logger, store, models, audit, access } = options;
  for (const { profile } of models.list()) await saveProfile(store, profile, now());
  const { maxQueuedBytes } = config.server;
  const isReplica = store.server !== null && config.kafka !== undefined;
  const pipeline = createPipeline({ store, config, models, now, logger, isReplica });
  const events =
    config.export.events === undefined
      ? null
      : exportEvents(config.export.events, (error) =>
          logger.warn({ err: error, url: config.export.events }, "events could not be exported"),
        );
  let kafka: KafkaIntake | null = null;
  const evaluation = await startEvaluation({
    store,
    config,
    models,
    signals: options.signals ?? signals,
    eventTimes: pipeline.eventTimes,
    now,
    logger,
    // Replicas store what this one is not told of.
    revision: () => pipeline.revision() + (isReplica ? Math.floor(now() / LOOK_AT_OTHERS_MS) : 0),
    visibleBefore: () => (isReplica ? now() - VISIBLE_WITHIN_MS : pipeline.writer.visibleBefore()),
    yieldToIngest: () => yieldToIngest(() => pipeline.writer.queuedBytes() / maxQueuedBytes),
    onExplained(explanation) {
      const { model, version, window, causes } = explanation;
      logger.info({ model, version, window, causes }, "a critical change was explained");
      events?.explained(explanation);
    },
    onAttributed: (evaluated) => events?.attributed(evaluated),
    onReweighed(proposal) {
      const { model, version, window, weights, gain, lower } = proposal;
      logger.info(
        { model, version, window, weights, gain, lower },
        "refitted weights of an ensemble are proved better",
      );
      events?.reweighed(proposal);
    },
    membership: isReplica ? () => kafka?.membership() ?? null : null,
  });
  const { board } = evaluation;
  const memory = createMemoryGuard();
  const room = createRoom(maxQueuedBytes, () => pipeline.writer.queuedBytes());
  const intake = { room, canDecode: memory.canDecode };
  kafka = startKafka({ config, connect: options.connectTopics, pipeline, intake, logger });
  const silence = createSilenceWatch({
    models: () => (config.clock.mode === "live" ? evaluation.evaluator.progress().filter(evaluation.owns) : []),
    readUsual: (of) => readUsualSilence(store, of, models.find(of.tenant, of.model)?.profile.timeZone),
    now,
  });
  const status = createProcessorStatus({ config, pipeline, evaluation, silence, kafka, now });
  const apiOf: ReadApiOf = (tenant) =>
    createReadApi({ store, board, models, tenant, status: status.read, memory, refreshBoard: evaluation.refreshBoard });
  /** Of one tenant, or of all where none is named. */
  const points = (tenant?: string): EmittedPoint[] => {
    const isOf = (other: string) => tenant === undefined || other === tenant;
    return [
      ...boardPoints(board.currentEntries().filter(({ key }) => isOf(key.tenant) && evaluation.owns(key))),
      ...healthPoints(status.health(tenant)),
    ];
  };
  const maintenance = createMaintenance(store, { backups: options.backupFolder, now });
  let isDraining = false;
  const otlp: OtlpEndpointOptions = {
    access: access.access,
    limits: config.server,
    ...intake,
    shares: createFairShare(maxQueuedBytes),
    ingest: pipeline.ingest,
  };
  const router = createProcessorRouter({
    ...{ config, now, logger, store, models, pipeline, maintenance, audit, access, otlp, apiOf, points, kafka },
    isDraining: () => isDraining,
    async finishReplay() {
      await pipeline.writer.flush();
      evaluation.evaluator.finish();
      return evaluation.schedule.runNow();
    },
    pages: options.pages ?? {},
  });
  const stopEvaluation = () => evaluation.schedule.close();
  const servers: { close(): Promise<void> }[] = [];
  const stopServers = () => Promise.all([...servers.map((each) => each.close()), kafka?.close()]);
  const onRefusedStart = async (error: unknown): Promise<never> => {
    await stopServers();
    await stopEvaluation();
    throw error;
  };
  const server = await startHttpServer(config.server, withOtlp(otlp, router), logger, access).catch(onRefusedStart);
  servers.push(server);
  const { host, grpcPort } = config.server;
  let grpcAddress: string | null = null;
  if (grpcPort !== undefined) {
    const grpc = await startGrpcServer({ host, port: grpcPort }, otlp, access.tls).catch(onRefusedStart);
    servers.push(grpc);
    grpcAddress = grpc.address;
    logger.info({ address: grpc.address }, "listening for OTLP/gRPC");
  }
  const metricsExport =
    config.export.url === undefined
      ? null
      : startExport({
          url: config.export.url,
          intervalMs: config.export.interval,
          points: () => points(),
          now,
          onFailure: (error) => logger.warn({ err: error, url: config.export.url }, "metrics could not be exported"),
        });
  const retention = startRetention({
    removeOld: (cut) => maintenance.removeOld({ cut, kept: keptRows(models) }),
    async cut() {
      await evaluation.refreshBoard();
      return retentionCut(config, now(), judgedTimes(models, evaluation));
    },
    onRemoved: ({ rows }, cut) => {
      audit.append({ actor: "processor", tenant: "", action: "retention.removed", detail: { rows, ...cut } });
      logger.info({ rows }, "old records were removed");
    },
    onFailure: (error) => logFailure(logger, error, "old records could not be removed"),
  });
  const silenceWatch = startSilenceWatch(silence, (error) =>
    logFailure(logger, error, "what is usual of a model's silence could not be read"),
  );
  auditStart(audit, options.start, options.losses);
  logger.info({ url: server.url, store: store.server ?? store.path, models: options.start.models }, "listening");
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await stopServers();
    await pipeline.writer.flush();
    await pipeline.deadLetters.flush();
    await stopEvaluation();
    await retention.close();
    await silenceWatch.close();
    await metricsExport?.close();
    await events?.close();
    access.close();
    audit.close();
    await store.close();
  };
  return {
    url: server.url,
    grpcAddress,
    async drain() {
      isDraining = true;
      server.drain();
      await pause(config.server.drainPeriod);
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** How often a replica looks for late records that others stored. */
const LOOK_AT_OTHERS_MS = 5_000;
