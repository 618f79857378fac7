// The whole of docker-compose.yml as processes: the demo's model service, Collector, processor, Prometheus, Alertmanager
// and responder, live and at real speed. A fault happens; someone must be told within a minute, and every panel and rule
// must show something. What the containers' files say is used as it is; only addresses differ.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { processFiles } from "@tidemark/example-flights";
import { type Processor, startProcessor } from "@tidemark/processor";
import { type Responder, startResponder } from "@tidemark/responder";
import { configSchema, parseResponderConfig } from "@tidemark/schema";
import { pino } from "pino";
import { alertmanagerConfig } from "./tools/alertmanager-config.ts";
import { prepareFlights } from "./tools/flight-traffic.ts";
import { freePorts } from "./tools/free-ports.ts";
import { ALERTMANAGER, goTool, PROMETHEUS, PROMTOOL } from "./tools/go-tool.ts";
import { type LiveTraffic, startLiveTraffic } from "./tools/live-traffic.ts";
import { JSON_ENCODING, startOtlpSink } from "./tools/otlp-sink.ts";
import { type PanelQuery, panelQueries } from "./tools/panel-queries.ts";
import { poll } from "./tools/poll.ts";
import { prometheusConfig } from "./tools/prometheus-config.ts";
import { startServer } from "./tools/server-process.ts";
import { startCollector } from "./tools/start-collector.ts";
import { type Delivery, startWebhookReceiver, type WebhookReceiver } from "./tools/webhook-receiver.ts";

/** What is promised: from the first bad record to the delivered alert. */
const PROMISED_MS = 60_000;
const QUIET_MS = 60_000;

const silent = pino({ level: "silent" });
const folder = mkdtempSync(path.join(tmpdir(), "tidemark-live-"));
const resources: AsyncDisposable[] = [];
let receiver: WebhookReceiver;
let prometheusUrl: string;
let traffic: LiveTraffic;

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
  traffic = startLiveTraffic(flights, service, collector.url);
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
  // What was seen once is not asked again: marks are of the last minutes, and a busy machine fills the last panel later.
  let missing = queries;
  await poll("every panel shows something", 420, async () => {
    missing = await withoutSeries(missing);
    return missing.length === 0 ? missing : undefined;
  }).catch(() => undefined);
  assert.deepEqual(
    missing.map(({ place, expressions }) => `${place}: ${expressions[0]}`),
    [],
  );
});

async function withoutSeries(queries: readonly PanelQuery[]): Promise<PanelQuery[]> {
  const empty: PanelQuery[] = [];
  for (const each of queries) {
    let found = false;
    for (const expression of new Set(each.expressions)) {
      if (found) break;
      found = (await query(expression)).length > 0;
    }
    if (!found) empty.push(each);
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

function use<T extends AsyncDisposable>(resource: T): T {
  resources.push(resource);
  return resource;
}

function useClosing(resource: { close(): Promise<void> }): void {
  resources.push({ [Symbol.asyncDispose]: () => resource.close() });
}
