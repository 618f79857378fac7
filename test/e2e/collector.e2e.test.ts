// The way a team would run it: service -> real Collector -> processor -> the same Collector -> real Prometheus.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { logs } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { createTidemark } from "@tidemark/instrumentation";
import { buildProfile, startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";
import { collectorBinary } from "./tools/collector.ts";
import { freePorts } from "./tools/free-ports.ts";
import { goTool, PROMETHEUS } from "./tools/go-tool.ts";
import { poll } from "./tools/poll.ts";
import { startServer } from "./tools/server-process.ts";

const COLLECTOR_CONFIG = path.resolve(import.meta.dirname, "../../collector-config/gateway.yaml");
const MINUTE_MS = 60_000;
const REFERENCE_ROWS = 4_000;
const START_MS = Date.UTC(2026, 0, 5);

/** Ages between 20 and 79, evenly and in a fixed order. */
const referenceAge = (row: number) => 20 + ((row * 37) % 60);

async function profileOfAges(folder: string): Promise<Awaited<ReturnType<typeof buildProfile>>> {
  const rows = Array.from({ length: REFERENCE_ROWS }, (_, row) => `${referenceAge(row)},${row % 3 === 0 ? "a" : "b"}`);
  const file = path.join(folder, "train.csv");
  await writeFile(file, `age,plan\n${rows.join("\n")}\n`);
  const profile = await buildProfile({
    path: file,
    model: { name: "churn", version: "1", type: "classification" },
    features: { age: "numeric", plan: "categorical" },
  });
  await writeFile(path.join(folder, "profile.json"), JSON.stringify(profile));
  return profile;
}

test("a drift in a service's feature is a series in Prometheus, by way of the Collector alone", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-collector-"));
  const [grpc = 0, http = 0, results = 0, health = 0, own = 0, prometheusPort = 0, processorPort = 0, traces = 0] =
    await freePorts(8);
  const profile = await profileOfAges(folder);
  await writeFile(path.join(folder, "prometheus.yml"), "storage:\n  tsdb:\n    out_of_order_time_window: 10m\n");

  await using prometheus = startServer(
    goTool(PROMETHEUS),
    [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=prometheus",
      "--web.enable-otlp-receiver",
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ],
    { cwd: folder },
  );
  await using collector = startServer(collectorBinary(), ["--config", COLLECTOR_CONFIG], {
    cwd: folder,
    env: {
      TIDEMARK_OTLP_GRPC: `127.0.0.1:${grpc}`,
      TIDEMARK_OTLP_HTTP: `127.0.0.1:${http}`,
      TIDEMARK_RESULTS_HTTP: `127.0.0.1:${results}`,
      TIDEMARK_COLLECTOR_HEALTH: `127.0.0.1:${health}`,
      TIDEMARK_COLLECTOR_METRICS_PORT: String(own),
      TIDEMARK_PROCESSOR_URL: `http://127.0.0.1:${processorPort}`,
      TIDEMARK_PROMETHEUS_URL: `http://127.0.0.1:${prometheusPort}/api/v1/otlp`,
      TIDEMARK_TRACES_URL: `http://127.0.0.1:${traces}`,
    },
  });
  const answers = async (url: string) => ((await fetch(url)).ok ? true : undefined);
  await poll("the Collector is ready", 30, () => answers(`http://127.0.0.1:${health}`)).catch((error) => {
    throw new Error(collector.output(), { cause: error });
  });
  await poll("Prometheus is ready", 30, () => answers(`http://127.0.0.1:${prometheusPort}/-/ready`)).catch((error) => {
    throw new Error(prometheus.output(), { cause: error });
  });

  const processor = await startProcessor({
    config: configSchema.parse({
      server: { port: processorPort },
      store: { path: "data" },
      clock: { mode: "replay" },
      export: { url: `http://127.0.0.1:${results}/v1/metrics`, interval: "1s" },
      models: [{ name: "churn", profile: "profile.json", windows: ["1h"] }],
    }),
    directory: folder,
    logger: pino({ level: "silent" }),
  });
  try {
    await sendDriftedHour(`http://127.0.0.1:${http}`, profile);
    const status = await poll("the Collector has delivered every prediction", 30, async () => {
      const { models } = (await (await fetch(`${processor.url}/v1/models`)).json()) as {
        models: { predictions: number }[];
      };
      return models[0]?.predictions === 3_000 ? models[0] : undefined;
    });
    assert.equal(status.predictions, 3_000);
    await fetch(`${processor.url}/v1/replay`, { method: "POST", body: '{"finish": true}' });

    const query = encodeURIComponent('ml_monitor_status{ml_monitor_state="critical", ml_monitor_signal="drift"} == 1');
    const targets = await poll("Prometheus has the verdict", 60, async () => {
      const answer = (await (await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/query?query=${query}`)).json()) as {
        data: { result: { metric: Record<string, string> }[] };
      };
      return answer.data.result.length > 0
        ? answer.data.result.map(({ metric }) => metric["ml_feature_name"])
        : undefined;
    });
    assert.deepEqual(targets, ["age"]);

    const names = (await (await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/label/__name__/values`)).json()) as {
      data: string[];
    };
    assert.ok(names.data.includes("ml_inference_duration_seconds_bucket"), "service metrics reach Prometheus");
    const wide = names.data.filter((name) => /^ml_(feature_(value|categories)|prediction_score)/.test(name));
    assert.deepEqual(wide, [], "profile histograms are kept out of Prometheus");
  } finally {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** An hour of 3,000 predictions for people ten years older than in training, through the stock SDK. */
async function sendDriftedHour(endpoint: string, profile: Awaited<ReturnType<typeof buildProfile>>): Promise<void> {
  const loggerProvider = new LoggerProvider({
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: `${endpoint}/v1/logs` }),
        maxQueueSize: 10_000,
      }),
    ],
  });
  logs.setGlobalLoggerProvider(loggerProvider);
  const tidemark = createTidemark({ replay: true, lookMs: 10 * MINUTE_MS });
  const meterProvider = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }),
        metricProducers: [tidemark.metricProducer],
      }),
    ],
  });
  const model = tidemark.describeModel({
    name: "churn",
    version: "1",
    type: "classification",
    features: { age: "numeric", plan: "categorical" },
    profile,
  });
  for (let row = 0; row < 3_000; row++) {
    const timeMs = START_MS + row * 1_000;
    tidemark.advanceTo(timeMs);
    model.record({
      inputs: { age: referenceAge(row) + 10, plan: row % 3 === 0 ? "a" : "b" },
      score: 0.5,
      label: "stays",
      durationSeconds: 0.002,
      timeMs,
    });
  }
  tidemark.closeLooks();
  await loggerProvider.shutdown();
  await meterProvider.shutdown();
  logs.disable();
}
