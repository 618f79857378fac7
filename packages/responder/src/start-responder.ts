import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import type { ResponderConfig } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { Hono } from "hono";
import { type Logger, pino } from "pino";
import { reachAllowed } from "./act/reach-allowed.ts";
import { readSecret } from "./act/read-secret.ts";
import { type EventExport, exportEvents } from "./emit/export-events.ts";
import { advance } from "./engine/advance.ts";
import type { EngineParts } from "./engine/engine-parts.ts";
import { createPeopleCommands } from "./engine/people-commands.ts";
import { apiRoutes } from "./http/api-routes.ts";
import { metricsText } from "./http/metrics-text.ts";
import { pageRoutes } from "./http/page-routes.ts";
import { loadPeople } from "./http/people.ts";
import { createRefusals, type Refusals } from "./http/refusals.ts";
import { createSessions } from "./http/sessions.ts";
import { createWebhookCounts } from "./http/webhook-counts.ts";
import { webhookRoutes } from "./http/webhook-routes.ts";
import { askProcessor } from "./intake/ask-processor.ts";
import { isEqual } from "./intake/check-signature.ts";
import { createFindExamples } from "./intake/find-examples.ts";
import { lookUpIncidents } from "./intake/look-up-incidents.ts";
import { verdictsSince } from "./intake/verdicts-since.ts";
import { type AlertingRecord, alertingRecord } from "./quality/alerting-record.ts";
import { createLease } from "./state/lease.ts";
import { openResponderState } from "./state/responder-state.ts";
import { type Canary, startCanary } from "./watch/start-canary.ts";
import { startIncidentWatch } from "./watch/start-incident-watch.ts";

export interface ResponderOptions {
  readonly config: ResponderConfig;
  /** Folder that relative paths of the configuration start from. */
  readonly directory: string;
  readonly logger?: Logger;
  readonly now?: () => number;
  /** Time between two rounds when nothing happens. */
  readonly tickMs?: number;
}

export interface Responder {
  readonly url: string;
  /** What was done about alerts in [from, to), ISO 8601. */
  alerting(span: { readonly from: string; readonly to: string }): AlertingRecord;
  /** Finishes the round that runs, gives up the lease and stops listening. */
  close(): Promise<void>;
}

/** Longer than an action may take, so that no other replica takes a slow one for lost. */
const LEASE_MS = 60_000;
const TICK_MS = 2_000;
const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/** Runs the responder. Throws TidemarkError: `secretUnreadable`, `storeCorrupt`, `portTaken`. */
export async function startResponder(options: ResponderOptions): Promise<Responder> {
  const { config, directory, logger = pino(pino.destination(2)), now = Date.now, tickMs = TICK_MS } = options;
  const secret = await readSecret(directory, config.webhookTokenFile);
  const { processorTokenFile } = config;
  const processorToken = processorTokenFile === undefined ? null : await readSecret(directory, processorTokenFile);
  const processor = askProcessor(config.processor, processorToken);
  const { metricsTokenFile } = config;
  const metricsToken = metricsTokenFile === undefined ? null : await readSecret(directory, metricsTokenFile);
  const people = await loadPeople(config, directory);
  const state = openResponderState(path.resolve(directory, config.state));
  const parts: EngineParts = {
    state,
    config,
    directory,
    lease: createLease(state.database, randomUUID(), LEASE_MS),
    now,
    reach: reachAllowed(config.allowedHosts),
    lookUp: lookUpIncidents(processor.incidents, createFindExamples(processor.explanations, now)),
    verdictsSince: verdictsSince(processor.measurements),
    onChange: ({ id, rung, name, model, status, result }) =>
      logger.info({ action: id, rung, name, model, status, result }, "an action moved"),
  };
  const onFailure = (error: unknown) => logger.warn({ err: error }, "events were not taken; they are sent again");
  const events = config.events === undefined ? null : exportEvents(state, config.events.endpoint, onFailure);
  const refusals = createRefusals(state, now);
  const rounds = createRounds({ parts, events, refusals, tickMs, logger });
  let canary: Canary | null = null;
  const counts = createWebhookCounts();
  const commands = createPeopleCommands(parts);
  const { wake, isHolder } = rounds;

  const app = new Hono();
  app.onError((error, context) => {
    logger.error({ err: error }, "a request failed");
    return context.text("It could not be answered; the log says why.", 500);
  });
  app.get("/healthz", (context) => context.json({ status: "ok", leader: isHolder() }));
  app.get("/metrics", (context) => {
    if (metricsToken !== null && !isEqual(context.req.header("authorization") ?? "", `Bearer ${metricsToken}`)) {
      return context.text("the token of metricsTokenFile is needed", 401);
    }
    const withModels = metricsToken !== null || LOOPBACK.includes(config.server.host);
    return context.text(metricsText(parts, { counts, canary, isHolder: isHolder(), withModels }));
  });
  app.route("/", webhookRoutes({ parts, secret, counts, refusals, wake }));
  app.route("/", apiRoutes({ parts, commands, people, readIncidents: processor.incidents, refusals, wake }));
  app.route("/", pageRoutes({ parts, commands, people, sessions: createSessions(now), refusals, wake }));

  const incidentWatch = startIncidentWatch(parts, { read: processor.incidents, isHolder, wake, logger });
  try {
    canary = await startCanary(parts, { readToken: processorToken, isHolder, logger });
    const { server, url } = await listen(app, config.server);
    // Nothing acts before people can see it and stop it.
    rounds.start();
    return {
      url,
      alerting: ({ from, to }) => alertingRecord(parts, { fromMs: Date.parse(from), toMs: Date.parse(to) }),
      async close() {
        await canary?.stop();
        await incidentWatch.stop();
        await rounds.stop();
        await new Promise((resolve) => {
          server.close(resolve);
          if ("closeAllConnections" in server) server.closeAllConnections();
        });
        await events?.close();
        refusals.close();
        parts.lease.release();
        state.database.close();
      },
    };
  } catch (error) {
    await canary?.stop();
    await incidentWatch.stop();
    await rounds.stop();
    await events?.close();
    state.database.close();
    throw error;
  }
}

interface Rounds {
  start(): void;
  /** Does a round soon. */
  wake(): void;
  isHolder(): boolean;
  stop(): Promise<void>;
}

interface RoundOptions {
  readonly parts: EngineParts;
  readonly events: EventExport | null;
  readonly refusals: Refusals;
  readonly tickMs: number;
  readonly logger: Logger;
}

/** A round after the other, at once when woken; one that fails is told, and the next goes on. */
function createRounds({ parts, events, refusals, tickMs, logger }: RoundOptions): Rounds {
  let isHolder = false;
  let isStopped = false;
  let wakeUp: () => void = () => undefined;
  let isWoken = false;
  let shipping: Promise<void> | null = null;

  /** Beside the rounds: a Collector that is slow must not hold up an action. */
  const ship = (): void => {
    shipping ??= (events?.ship() ?? Promise.resolve())
      .catch((error: unknown) => logger.error({ err: error }, "events could not be sent; they are sent again"))
      .finally(() => {
        shipping = null;
      });
  };
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      isWoken = false;
      try {
        isHolder = await advance(parts);
        if (isHolder) ship();
        refusals.flush();
      } catch (error) {
        logger.error({ err: error }, "a round failed; the next goes on from what is stored");
      }
      if (!isWoken && !isStopped) await pause();
    }
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, tickMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  let running = Promise.resolve();
  return {
    start() {
      running = loop();
    },
    wake() {
      isWoken = true;
      wakeUp();
    },
    isHolder: () => isHolder,
    async stop() {
      isStopped = true;
      wakeUp();
      await running;
      await shipping;
    },
  };
}

function listen(app: Hono, { host, port }: ResponderConfig["server"]): Promise<{ server: ServerType; url: string }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) =>
      resolve({ server, url: `http://${host.includes(":") ? `[${host}]` : host}:${info.port}` }),
    );
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new TidemarkError("portTaken", `another process listens on ${host}:${port}`, { cause: error })
          : error,
      ),
    );
  });
}
