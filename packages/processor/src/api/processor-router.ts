import type { Config } from "@tidemark/schema";
import type { Logger } from "pino";
import type { AuditLog } from "../access/audit-log.ts";
import type { RunningAccess } from "../access/start-access.ts";
import type { EmittedPoint } from "../emit/emitted-point.ts";
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from "../emit/prometheus-text.ts";
import { exportPredictions } from "../export/export-predictions.ts";
import type { KafkaIntake } from "../kafka/consume-topics.ts";
import { logFailure } from "../log-failure.ts";
import type { Pipeline } from "../pipeline/create-pipeline.ts";
import type { MonitoredModels } from "../pipeline/monitored-models.ts";
import type { Handler } from "../receive/http-server.ts";
import type { OtlpEndpointOptions } from "../receive/otlp-endpoint.ts";
import type { Maintenance } from "../store/maintenance.ts";
import { listModels } from "../store/models.ts";
import type { Store } from "../store/store.ts";
import { auditRoute } from "./audit-route.ts";
import { backupRoute } from "./backup-route.ts";
import { commandRoutes } from "./command-routes.ts";
import { controlRoute } from "./control-route.ts";
import { deadLettersRoute } from "./dead-letters-route.ts";
import { erasureRoute } from "./erasure-route.ts";
import { exportRoute } from "./export-route.ts";
import { healthRoutes } from "./health-routes.ts";
import { listModelNames } from "./list-model-names.ts";
import { openApiRoute } from "./open-api.ts";
import { type Page, pageRoutes } from "./page-routes.ts";
import type { ReadApiOf } from "./read-api.ts";
import { createRouter } from "./router.ts";
import { readRoutes } from "./routes.ts";

/** The parts of a processor that its paths ask. */
export interface ProcessorRouterOptions {
  readonly config: Config;
  readonly now: () => number;
  readonly logger: Logger;
  readonly store: Store;
  readonly models: MonitoredModels;
  readonly pipeline: Pipeline;
  readonly maintenance: Maintenance;
  readonly audit: AuditLog;
  readonly access: RunningAccess;
  /** What bodies of commands share with OTLP. */
  readonly otlp: OtlpEndpointOptions;
  readonly apiOf: ReadApiOf;
  /** What is emitted of a tenant, or of all where none is named. */
  readonly points: (tenant?: string) => EmittedPoint[];
  readonly kafka: KafkaIntake | null;
  readonly isDraining: () => boolean;
  /** Closes every window of a replay and resolves with the number judged. */
  readonly finishReplay: () => Promise<number>;
  readonly pages: Readonly<Record<string, Page>>;
}

/** Commands are short; outcomes have a limit of their own. */
const MAX_COMMAND_BYTES = 1024 * 1024;

/** Every path of a processor but OTLP's: the read API, commands, health, pages, and the description of all of them. */
export function createProcessorRouter(options: ProcessorRouterOptions): Handler {
  const { config, now, logger, store, pipeline, maintenance, audit, access, apiOf } = options;
  const { room, shares, canDecode } = options.otlp;
  const limits = { maxRequestBytes: MAX_COMMAND_BYTES, maxDecodedBytes: MAX_COMMAND_BYTES };
  const intake = { room, shares, limits, canParse: (bytes: number) => canDecode(bytes, "json") };
  const modelNames = (tenant: string) =>
    options.models.list().flatMap(({ config: each }) => (each.tenant === tenant ? [each.name] : []));
  const routes = [
    ...readRoutes(apiOf),
    exportRoute({
      listKeys: (tenant) => listModels(store, tenant),
      writeFile: (request) => exportPredictions(store, request),
    }),
    ...commandRoutes({
      intake,
      outcomeBytes: config.server.maxRequestBytes,
      now,
      ingestOutcomes: (otlp, tenant) => pipeline.ingest("logs", otlp, "json", tenant),
      modelNames,
      countMalformed: (tenant, count) => pipeline.counters.add(tenant, "outcome", "rejected", "malformed", count),
      finishReplay: config.clock.mode === "replay" ? options.finishReplay : null,
    }),
    ...healthRoutes({
      metricsText: (tenant) => ({ contentType: PROMETHEUS_CONTENT_TYPE, body: prometheusText(options.points(tenant)) }),
      checkStore: () => store.health(),
      onStoreFailure: (error) => logFailure(logger, error, "the store is not ready"),
      kafka: () => options.kafka?.status() ?? null,
      isDraining: options.isDraining,
      now: () => performance.now(),
    }),
    erasureRoute({
      intake,
      listModelNames: (tenant) => listModelNames(store, options.models, tenant),
      erase: maintenance.erase,
    }),
    controlRoute(apiOf),
    auditRoute(audit),
    deadLettersRoute(pipeline.deadLetters),
    backupRoute(maintenance.backup, now),
  ];
  const described = [...routes, openApiRoute(routes)];
  return createRouter({
    routes: [...described, ...pageRoutes(options.pages, apiOf, described)],
    access: access.access,
    audit: (event) => audit.append(event),
  });
}
