// The whole of docker-compose.yml as processes: the demo's model service, Collector, processor, Prometheus, Alertmanager
// and responder, live and at real speed. A fault happens; someone must be told within a minute, and every panel and rule
// must show something. What the containers' files say is used as it is; only addresses differ.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { processFiles } from "@tidemark/example-flights";
import { type Processor, startProcessor } from "@tidemark/processor";
import { type Responder, startResponder } from "@tidemark/responder";
import { configSchema, parseResponderConfig } from "@tidemark/schema";
import { pino } from "pino";
import { alertmanagerConfig } from "./tools/alertmanager-config.ts";
import { embeddingOf, type LiveFlight, minutesOf, prepareFlights } from "./tools/flight-traffic.ts";
import { freePorts } from "./tools/free-ports.ts";
import { ALERTMANAGER, goTool, PROMETHEUS, PROMTOOL } from "./tools/go-tool.ts";
import { type EventSpec, sendEvents } from "./tools/otlp-json.ts";
import { JSON_ENCODING, startOtlpSink } from "./tools/otlp-sink.ts";
import { poll } from "./tools/poll.ts";
import { prometheusConfig } from "./tools/prometheus-config.ts";
import { startServer } from "./tools/server-process.ts";
import { startCollector } from "./tools/start-collector.ts";
import { type Delivery, startWebhookReceiver, type WebhookReceiver } from "./tools/webhook-receiver.ts";

const KILOMETRES_PER_MILE = 1.609344;
const BATCH = 20;
const BATCH_EVERY_MS = 1_000;
/** A flight lands this long after it left: at real speed nobody waits for hours. */
const LANDS_AFTER_MS = 3_000;
/** What is promised: from the first bad record to the delivered alert. */
const PROMISED_MS = 60_000;
const QUIET_MS = 60_000;

const silent = pino({ level: "silent" });
const root = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "tidemark-live-"));
const resources: AsyncDisposable[] = [];
let receiver: WebhookReceiver;
let prometheusUrl: string;
let traffic: Traffic;

before(async () => {
  const flights = await prepareFlights(folder);
  const [prometheusPort = 0, alertmanagerPort = 0, processorPort = 0] = await freePorts(3);
  prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  receiver = use(await startWebhookReceiver());
  const traces = use(await startOtlpSink());
  writeFileSync(path.join(folder, "json.yaml"), JSON_ENCODING("otlp_http/traces"));
  const collector = use(
    await startCollector({
      configs: ["gateway.yaml", path.join(folder, "json.yaml")],
      cwd: folder,
      env: {
        TIDEMARK_PROCESSOR_URL: `http://127.0.0.1:${processorPort}`,
        TIDEMARK_PROMETHEUS_URL: `${prometheusUrl}/api/v1/otlp`,
        TIDEMARK_TRACES_URL: traces.url,
      },
    }),
  );
  const processor = await startLiveProcessor(processorPort, collector.ports.results);
  useClosing(processor);
  const responder = await startLiveResponder(processor.url);
  useClosing(responder);

  const alertmanager = {
    url: receiver.url,
    responder: { url: responder.url, tokenFile: path.join(folder, "webhook.token") },
  };
  writeFileSync(path.join(folder, "alertmanager.yml"), alertmanagerConfig(alertmanager));
  use(
    startServer(
      goTool(ALERTMANAGER),
      [
        "--config.file=alertmanager.yml",
        "--storage.path=alertmanager",
        `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
        "--cluster.listen-address=",
      ],
      { cwd: folder },
    ),
  );
  const targets = {
    "otel-collector": `127.0.0.1:${collector.ports.own}`,
    "tidemark-responder": new URL(responder.url).host,
  };
  writeFileSync(path.join(folder, "prometheus.yml"), prometheusConfig(`127.0.0.1:${alertmanagerPort}`, targets));
  backfillLastWeek();
  use(
    startServer(
      goTool(PROMETHEUS),
      [
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=prometheus",
        "--storage.tsdb.retention.time=30d",
        "--web.enable-otlp-receiver",
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ],
      { cwd: folder },
    ),
  );
  await poll("Prometheus is ready", 30, async () => ((await fetch(`${prometheusUrl}/-/ready`)).ok ? true : undefined));
  const service = await startService(collector.url);
  traffic = startTraffic(flights, service, collector.url);
  use({ [Symbol.asyncDispose]: () => traffic.stop() });
});

after(async () => {
  for (const resource of resources.reverse()) await resource[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("from the first bad record to the delivered alert it takes less than a minute", async () => {
  // What the responder sends to its pager has no alerts.
  const isDistance = ({ alerts = [] }: Partial<Delivery>) =>
    alerts.some(
      ({ labels }) => labels["alertname"] === "ModelDriftCritical" && labels["ml_monitor_target"] === "distance",
    );
  await poll("the model is judged", 90, async () => {
    const found = await query(
      'ml_monitor_status{ml_model_name="flight-delay",ml_monitor_target="distance",ml_monitor_state="ok"} == 1',
    );
    return found.length > 0 ? true : undefined;
  });
  const quietUntil = performance.now() + QUIET_MS;
  await poll("a minute of flights as they are", QUIET_MS / 1_000 + 5, async () =>
    performance.now() >= quietUntil ? true : undefined,
  );
  assert.deepEqual(receiver.deliveries.filter(isDistance), [], "nothing is said while nothing is wrong");

  const firstBadMs = await traffic.breakDistances();
  const delivery = await poll("the alert is delivered", 90, async () =>
    receiver.deliveries.find((candidate) => candidate.receiver === "on-call" && isDistance(candidate)),
  );
  const seconds = (delivery.atMs - firstBadMs) / 1_000;
  console.log(`from the first bad record to the delivered alert: ${seconds.toFixed(1)} s`);
  assert.ok(delivery.atMs - firstBadMs < PROMISED_MS, `${seconds} s`);
  const { annotations } = delivery.alerts.find(({ labels }) => labels["ml_monitor_target"] === "distance")!;
  assert.equal(annotations["threshold"], "1");
  assert.ok(Number(annotations["value"]) >= 1, annotations["value"]);
  assert.match(annotations["first_cause"]!, /^\w+ of \w+$/);
  await poll("the unit is named as the cause", 60, async () => {
    const found = await query(
      'ml_monitor_cause{ml_model_name="flight-delay",ml_cause_kind="unit_change",ml_cause_target="distance"}',
    );
    return found.length > 0 ? true : undefined;
  });
  assert.match(annotations["dashboard_url"]!, /\/d\/tidemark-model-health\?var-model=flight-delay/);
});

test("Prometheus evaluates every rule without an error, and every recording has a series", async () => {
  interface Rule {
    readonly name: string;
    readonly type: string;
    readonly health: string;
    readonly lastError?: string;
  }
  const answer = (await (await fetch(`${prometheusUrl}/api/v1/rules`)).json()) as {
    data: { groups: { rules: Rule[] }[] };
  };
  const rules = answer.data.groups.flatMap((group) => group.rules);
  assert.ok(rules.length > 50);
  assert.deepEqual(
    rules.filter(({ health }) => health !== "ok").map(({ name, lastError }) => `${name}: ${lastError}`),
    [],
  );
  const recorded = rules.filter(({ type }) => type === "recording").map(({ name }) => name);
  const missing = await poll("every recording has a series", 90, async () => {
    const empty = await withoutSeries(recorded.map((name) => ({ place: name, expressions: [name] })));
    return empty.length === 0 ? empty : undefined;
  }).catch(() => withoutSeries(recorded.map((name) => ({ place: name, expressions: [name] }))));
  assert.deepEqual(missing, []);
});

test("every query of every panel, variable and mark returns series", async () => {
  traffic.addOthers();
  const queries = panelQueries();
  assert.ok(queries.length > 80);
  const missing = await poll("every panel shows something", 420, async () => {
    const empty = await withoutSeries(queries);
    return empty.length === 0 ? empty : undefined;
  }).catch(() => withoutSeries(queries));
  assert.deepEqual(missing, []);
});

interface Query {
  readonly place: string;
  /** The same query for different choices of the variables: one that returns series is enough. */
  readonly expressions: readonly string[];
}

const CHOICES = ["flight-delay", "flight-batch", "flight-minutes"].flatMap((model) =>
  ["15s", "1m"].map((window) => ({
    $model: model,
    $version: ".*",
    $window: window,
    $segment: ".*",
    $feature: "distance",
    $service: "flight-delay-service",
    $__rate_interval: "1m",
  })),
);

/** Panels that these models have nothing for. */
const WITHOUT_DATA = ["Does it rank high what is chosen?", "Do features that moved together still do?"];

function panelQueries(): Query[] {
  interface Dashboard {
    readonly title: string;
    readonly panels: { title: string; targets?: { refId: string; expr: string }[] }[];
    readonly annotations: { list: { name: string; expr: string }[] };
    readonly templating: { list: { name: string; definition?: string }[] };
  }
  const files = globSync("grafana/dashboards/*.json", { cwd: root });
  return files.flatMap((file) => {
    const { title, panels, annotations, templating } = JSON.parse(
      readFileSync(path.join(root, file), "utf8"),
    ) as Dashboard;
    const found = [
      ...panels
        .filter((panel) => !WITHOUT_DATA.includes(panel.title))
        .flatMap((panel) =>
          (panel.targets ?? []).map(({ refId, expr }) => ({ place: `${panel.title} ${refId}`, expr })),
        ),
      ...annotations.list.map(({ name, expr }) => ({ place: `mark ${name}`, expr })),
      ...templating.list.flatMap(({ name, definition }) => {
        const selector = /^label_values\((.*), \w+\)$/.exec(definition ?? "")?.[1];
        return selector === undefined ? [] : [{ place: `variable ${name}`, expr: selector }];
      }),
    ];
    return found.map(({ place, expr }) => ({
      place: `${title}: ${place}`,
      expressions: CHOICES.map((choice) =>
        Object.entries(choice).reduce((text, [name, value]) => text.replaceAll(name, value), expr),
      ),
    }));
  });
}

async function withoutSeries(queries: readonly Query[]): Promise<string[]> {
  const empty: string[] = [];
  for (const { place, expressions } of queries) {
    let found = false;
    for (const expression of new Set(expressions)) {
      if (found) break;
      found = (await query(expression)).length > 0;
    }
    if (!found) empty.push(`${place}: ${expressions[0]}`);
  }
  return empty;
}

async function query(expression: string): Promise<unknown[]> {
  const answer = (await (
    await fetch(`${prometheusUrl}/api/v1/query`, { method: "POST", body: new URLSearchParams({ query: expression }) })
  ).json()) as { status: string; error?: string; data?: { result: unknown[] } };
  assert.equal(answer.status, "success", `${expression}: ${answer.error}`);
  return answer.data!.result;
}

async function startLiveProcessor(port: number, resultsPort: number): Promise<Processor> {
  const batch = {
    name: "flight-batch",
    profile: "batch.profile.json",
    // Harm of a segment is judged from the tenth of the shortest windows on.
    windows: ["15s", "1m"],
    segments: ["weekday"],
    performance: { value: { late: { late: 10, on_time: -1 }, on_time: { late: -5, on_time: 0 } } },
    comparison: { minimumPairs: 50, minimumDuration: "10s" },
  };
  return startProcessor({
    config: configSchema.parse({
      server: { port },
      store: { path: "data" },
      clock: { allowedLateness: "5s" },
      export: { url: `http://127.0.0.1:${resultsPort}/v1/metrics`, interval: "5s" },
      models: [
        { name: "flight-delay", profile: "flights.profile.json", windows: ["15s"] },
        batch,
        { name: "flight-minutes", profile: "minutes.profile.json", windows: ["1m"], schedule: "* * * * *" },
      ],
    }),
    directory: folder,
    logger: silent,
  });
}

async function startLiveResponder(processorUrl: string): Promise<Responder> {
  for (const name of ["webhook.token", "metrics.token", "ada.token", "pager.key"])
    writeFileSync(path.join(folder, name), `${randomUUID()}\n`);
  const result = parseResponderConfig({
    server: { port: 0 },
    processor: processorUrl,
    webhookTokenFile: "webhook.token",
    metricsTokenFile: "metrics.token",
    dryRun: false,
    watch: { heartbeat: { alert: "TidemarkHeartbeat", within: "15m" } },
    allowedHosts: [new URL(receiver.url).host],
    people: [{ name: "ada", roles: ["operations"], tokenFile: "ada.token" }],
    actions: { page: { type: "webhook", url: `${receiver.url}/pager`, secretFile: "pager.key" } },
    policies: [{ name: "all", models: ["*"], steps: [{ rung: "notify", action: "page" }] }],
  });
  assert.ok(result.ok, JSON.stringify(result));
  return startResponder({ config: result.config, directory: folder, logger: silent });
}

/** What this hour had a week ago, as Prometheus would have kept it. */
function backfillLastWeek(): void {
  const weekAgo = Math.floor(Date.now() / 60_000) * 60 - 7 * 86_400;
  const labels = 'ml_model_name="flight-delay",ml_model_version="1",job="flight-delay-service",instance="last-week"';
  const samples = Array.from({ length: 180 }, (_, minute) => {
    const time = weekAgo - 7_200 + minute * 60;
    return `ml_inference_predictions_total{${labels}} ${minute * 3_000} ${time}`;
  });
  const text = `# TYPE ml_inference_predictions counter\n${samples.join("\n")}\n# EOF\n`;
  writeFileSync(path.join(folder, "last-week.txt"), text);
  execFileSync(goTool(PROMTOOL), ["tsdb", "create-blocks-from", "openmetrics", "last-week.txt", "prometheus"], {
    cwd: folder,
    stdio: "pipe",
  });
}

/** The demo's model service as a process, live. */
async function startService(collectorUrl: string): Promise<string> {
  const child = spawn("node", ["--conditions=tidemark-source", processFiles.service], {
    cwd: folder,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
      OTEL_METRIC_EXPORT_INTERVAL: "5000",
      OTEL_BLRP_SCHEDULE_DELAY: "1000",
      TIDEMARK_PROFILE: path.join(folder, "flights.profile.json"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  use({
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  });
  return poll("the model service listens", 60, async () => /"url":"([^"]+)"/.exec(output)?.[1]).catch((error) => {
    throw new Error(output, { cause: error });
  });
}

interface Traffic {
  /** From the next batch on distances come in kilometres; resolves with the time of the first of them. */
  breakDistances(): Promise<number>;
  /** From now on the two models without instrumentation answer too. */
  addOthers(): void;
  stop(): Promise<void>;
}

/** Departures at real speed: to the service, and as events of two models that no instrumentation of ours serves. */
function startTraffic(flights: readonly LiveFlight[], serviceUrl: string, collectorUrl: string): Traffic {
  let next = 0;
  let isBroken = false;
  let withOthers = false;
  let tellBroken: (atMs: number) => void = () => {};
  let timer: NodeJS.Timeout;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const landings: { atMs: number; events: EventSpec[] }[] = [];

  const batch = async (): Promise<void> => {
    const nowMs = Date.now();
    const chosen = Array.from({ length: BATCH }, () => flights[next++ % flights.length]!);
    const rows = chosen.map((flight, index) => ({
      flight,
      id: randomUUID(),
      // Later on a value is missing now and then, so that the panels of data quality have something to show.
      inputs: { ...flight.inputs, ...(withOthers && index === 0 ? { inbound_delay: null } : {}) },
    }));
    const departures = rows.map(({ id, inputs }) => ({
      ...inputs,
      id,
      departureMs: nowMs,
      distance: Number(inputs.distance) * (isBroken ? KILOMETRES_PER_MILE : 1),
    }));
    const wasBroken = isBroken;
    const answer = await fetch(`${serviceUrl}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(departures),
    });
    const answers = (await answer.json()) as { id: string; score: number; label: string }[];
    if (wasBroken) tellBroken(nowMs);
    const others = withOthers;
    if (others) {
      const events = rows.flatMap(({ flight, id }, index) => otherModels(flight, id, answers[index]!, nowMs));
      await sendEvents(collectorUrl, events);
    }
    const landMs = nowMs + LANDS_AFTER_MS;
    landings.push({ atMs: landMs, events: rows.flatMap(({ flight, id }) => outcomes(flight, id, landMs, others)) });
    while (landings.length > 0 && landings[0]!.atMs <= nowMs) await sendEvents(collectorUrl, landings.shift()!.events);
  };
  const loop = (): void => {
    running = batch().then(
      () => {
        if (!stopped) timer = setTimeout(loop, BATCH_EVERY_MS);
      },
      (error) => console.error(error),
    );
  };
  loop();
  return {
    breakDistances: () =>
      new Promise((resolve) => {
        tellBroken = (atMs) => {
          tellBroken = () => {};
          resolve(atMs);
        };
        isBroken = true;
      }),
    addOthers() {
      withOthers = true;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** The batch model with its challenger, which is less sure of itself, and the regression. */
function otherModels(
  flight: LiveFlight,
  id: string,
  { score, label }: { score: number; label: string },
  timeMs: number,
): EventSpec[] {
  const inputs = Object.fromEntries(Object.entries(flight.inputs).filter(([, value]) => value !== null)) as Record<
    string,
    string | number
  >;
  const event = (attributes: EventSpec["attributes"]): EventSpec => ({
    event: "ml.inference.details",
    timeMs,
    attributes,
  });
  // Two members around the score, whose mean it is.
  const spread = Math.min(score, 1 - score) / 2;
  const classified = (version: string, role: string, p: number) =>
    event({
      "ml.model.name": "flight-batch",
      "ml.model.version": version,
      "ml.deployment.role": role,
      "ml.inference.id": `batch-${id}`,
      "ml.prediction.label": label,
      "ml.prediction.score": p,
      "ml.inference.inputs": inputs,
      "ml.inference.attributions": { distance: score - 0.5, inbound_delay: 0.5 - score / 2 },
      ...(role === "champion" ? { "ml.ensemble.answers": { high: p + spread, low: p - spread } } : {}),
    });
  return [
    classified("1", "champion", score),
    classified("2", "challenger", 0.5 + (score - 0.5) / 2),
    event({
      "ml.model.name": "flight-minutes",
      "ml.model.version": "1",
      "ml.inference.id": `minutes-${id}`,
      "ml.prediction.value": minutesOf(flight),
      "ml.inference.inputs": { distance: Number(flight.inputs.distance), flight: embeddingOf(flight) },
    }),
  ];
}

function outcomes(flight: LiveFlight, id: string, timeMs: number, withOthers: boolean): EventSpec[] {
  const event = (model: string, attributes: EventSpec["attributes"]): EventSpec => ({
    event: "ml.outcome.reported",
    timeMs,
    attributes: { "ml.model.name": model, ...attributes },
  });
  const late = { "ml.outcome.kind": "class", "ml.outcome.label": flight.outcome };
  return [event("flight-delay", { "ml.inference.id": id, ...late }), ...(withOthers ? othersOutcomes() : [])];

  function othersOutcomes(): EventSpec[] {
    return [
      event("flight-batch", { "ml.inference.id": `batch-${id}`, ...late }),
      event("flight-minutes", {
        "ml.inference.id": `minutes-${id}`,
        "ml.outcome.kind": "value",
        "ml.outcome.value": flight.flightMinutes,
      }),
    ];
  }
}

function use<T extends AsyncDisposable>(resource: T): T {
  resources.push(resource);
  return resource;
}

function useClosing(resource: { close(): Promise<void> }): void {
  resources.push({ [Symbol.asyncDispose]: () => resource.close() });
}
