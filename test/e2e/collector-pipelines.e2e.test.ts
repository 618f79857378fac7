// Every configuration of collector-config/ in the real Collector: what it does is what its comments say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { churnProfile, outcomeEvent, predictionEvent } from "./tools/churn-events.ts";
import { collectorBinary } from "./tools/collector.ts";
import { freePorts } from "./tools/free-ports.ts";
import { goTool, PROMETHEUS } from "./tools/go-tool.ts";
import { startKafka } from "./tools/kafka.ts";
import { postOtlp, sendEvents } from "./tools/otlp-json.ts";
import { manyTraces, metricsRequest, resultsRequest, tracesRequest } from "./tools/otlp-requests.ts";
import { JSON_ENCODING, type SinkItem, startOtlpSink } from "./tools/otlp-sink.ts";
import { poll } from "./tools/poll.ts";
import { startServer } from "./tools/server-process.ts";
import { startChurnProcessor } from "./tools/start-churn-processor.ts";
import { COLLECTOR_FOLDER, startCollector } from "./tools/start-collector.ts";

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-pipelines-"));
  folders.push(folder);
  return folder;
}

/** Files that are added to the gateway's rather than run alone. */
const OVERLAYS = ["results-fan-out.yaml", "sampling.yaml"];

/** Several standard deviations of a binomial count. */
const within = (found: number, trials: number, share: number) =>
  Math.abs(found - trials * share) <= 5 * Math.sqrt(trials * share * (1 - share));

function inFolder(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function predictionsOf(url: string): Promise<number> {
  const answer = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
  return answer.models.reduce((sum, { predictions }) => sum + predictions, 0);
}

for (const file of globSync("*.yaml", { cwd: COLLECTOR_FOLDER }).filter((name) => name !== "builder-config.yaml")) {
  test(`${file} is valid, uses only what the manifest has, and names its components in full`, () => {
    const files = OVERLAYS.includes(file) ? ["gateway.yaml", file] : [file];
    const result = spawnSync(collectorBinary(), ["validate", ...files.flatMap((name) => ["--config", name])], {
      cwd: COLLECTOR_FOLDER,
      encoding: "utf8",
    });
    assert.equal(result.status, 0, result.stderr);
    assert.doesNotMatch(result.stderr, /deprecated|renamed|alias/i);
  });
}

test("agent and gateway: what the service hands to the agent arrives, traces by way of their own gateway", async () => {
  const folder = temporaryFolder();
  await using sink = await startOtlpSink();
  const json = inFolder(
    folder,
    "json.yaml",
    JSON_ENCODING("otlp_http/processor", "otlp_http/prometheus", "otlp_http/traces"),
  );
  const to = {
    TIDEMARK_PROCESSOR_URL: sink.url,
    TIDEMARK_PROMETHEUS_URL: `${sink.url}/prometheus`,
    TIDEMARK_TRACES_URL: `${sink.url}/traces`,
  };
  await using gateway = await startCollector({ configs: ["gateway.yaml", json], cwd: folder, env: to });
  await using agent = await startCollector({
    configs: ["agent.yaml"],
    cwd: folder,
    env: { TIDEMARK_GATEWAY: `127.0.0.1:${gateway.ports.grpc}` },
  });
  await sendEvents(agent.url, [predictionEvent(1, Date.now())]);
  await postOtlp(`${agent.url}/v1/metrics`, metricsRequest(["ml.feature.value", "ml.inference.duration"]));
  await postOtlp(`${agent.url}/v1/traces`, tracesRequest(["predict churn", "SELECT users"]));
  const has = (...names: string[]) => names.every((name) => sink.items.some((item) => item.name === name));
  await poll("everything has come through both", 30, async () =>
    has("ml.inference.details", "ml.feature.value", "ml.inference.duration", "predict churn", "SELECT users")
      ? true
      : undefined,
  );
  // Both ways of a routed item are taken before the last of them has arrived.
  await poll("the prediction's span is at the processor too", 30, async () =>
    sink.items.filter(({ name }) => name === "predict churn").length === 2 ? true : undefined,
  );
  assert.equal(sink.items.filter(({ name }) => name === "SELECT users").length, 1, "other spans are for people alone");
  assert.equal(
    sink.items.filter(({ name }) => name === "ml.feature.value").length,
    1,
    "profiles are for the processor alone",
  );
  assert.equal(sink.items.filter(({ name }) => name === "ml.inference.duration").length, 2);
});

test("sampling: records are thinned out without a bias and say so, outcomes are kept, people see what failed", async () => {
  const folder = temporaryFolder();
  await using records = await startOtlpSink();
  await using people = await startOtlpSink();
  const json = inFolder(folder, "json.yaml", JSON_ENCODING("otlp_http/processor", "otlp_http/traces"));
  await using gateway = await startCollector({
    configs: ["gateway.yaml", "sampling.yaml", json],
    cwd: folder,
    env: { TIDEMARK_PROCESSOR_URL: records.url, TIDEMARK_TRACES_URL: people.url, TIDEMARK_DECISION_WAIT: "1s" },
  });
  const nowMs = Date.now();
  const PREDICTIONS = 6_000;
  const half = (row: number) => (row % 2 === 0 ? {} : { "ml.sampling.probability": 0.5 });
  for (let from = 0; from < PREDICTIONS; from += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, index) => from + index);
    await sendEvents(
      gateway.url,
      rows.map((row) => predictionEvent(row, nowMs, half(row))),
    );
  }
  await sendEvents(
    gateway.url,
    Array.from({ length: 200 }, (_, row) => outcomeEvent(row, nowMs)),
  );
  const TRACES = 1_000;
  await postOtlp(`${gateway.url}/v1/traces`, manyTraces(TRACES));

  const events = () => records.items.filter(({ name }) => name === "ml.inference.details");
  await poll("outcomes and a share of the rest have come", 30, async () =>
    records.items.filter(({ name }) => name === "ml.outcome.reported").length === 200 &&
    within(events().length, PREDICTIONS, 0.1)
      ? true
      : undefined,
  );
  for (const { attributes } of events()) {
    const row = Number(String(attributes["ml.inference.id"]).slice("row-".length));
    const expected = row % 2 === 0 ? 0.1 : 0.05;
    assert.ok(Math.abs(Number(attributes["ml.sampling.probability"]) - expected) < 1e-12);
  }
  const spans = () => records.items.filter(({ kind }) => kind === "span");
  await poll("a quarter of the spans has come", 30, async () =>
    within(spans().length, TRACES, 0.25) ? true : undefined,
  );
  assert.ok(spans().every(({ attributes }) => attributes["ml.sampling.probability"] === 0.25));
  const isFailed = ({ body }: SinkItem) => (body["status"] as { code?: number } | undefined)?.code === 2;
  const failedShare = spans().filter(isFailed).length / spans().length;
  assert.ok(Math.abs(failedShare - 0.1) < 0.1, `failed predictions are as frequent as they were: ${failedShare}`);

  await poll("people see every failed trace", 30, async () =>
    people.items.filter(isFailed).length === TRACES / 10 ? true : undefined,
  );
  const others = people.items.filter((item) => !isFailed(item)).length;
  assert.ok(within(others, TRACES * 0.9, 0.1), `${others} of the others`);
});

test("results reach Prometheus by OTLP and by remote write, under the same names, and any OTLP backend", async () => {
  const folder = temporaryFolder();
  await using backend = await startOtlpSink();
  const [byOtlp = 0, byRemoteWrite = 0] = await freePorts(2);
  writeFileSync(path.join(folder, "prometheus.yml"), "storage:\n  tsdb:\n    out_of_order_time_window: 10m\n");
  const prometheus = (port: number, flag: string) =>
    startServer(
      goTool(PROMETHEUS),
      ["--config.file=prometheus.yml", `--storage.tsdb.path=p${port}`, flag, `--web.listen-address=127.0.0.1:${port}`],
      { cwd: folder },
    );
  await using _first = prometheus(byOtlp, "--web.enable-otlp-receiver");
  await using _second = prometheus(byRemoteWrite, "--web.enable-remote-write-receiver");
  for (const port of [byOtlp, byRemoteWrite]) {
    await poll("Prometheus is ready", 30, async () =>
      (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok ? true : undefined,
    );
  }
  const json = inFolder(folder, "json.yaml", JSON_ENCODING("otlp_http/backend"));
  await using gateway = await startCollector({
    configs: ["gateway.yaml", "results-fan-out.yaml", json],
    cwd: folder,
    env: {
      TIDEMARK_PROMETHEUS_URL: `http://127.0.0.1:${byOtlp}/api/v1/otlp`,
      TIDEMARK_REMOTE_WRITE_URL: `http://127.0.0.1:${byRemoteWrite}/api/v1/write`,
      TIDEMARK_BACKEND_URL: backend.url,
    },
  });
  await postOtlp(`http://127.0.0.1:${gateway.ports.results}/v1/metrics`, resultsRequest());
  const seriesOf = async (port: number) => {
    const query = encodeURIComponent('{__name__=~"ml_.+|tidemark_.+"}');
    const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${query}`)).json()) as {
      data: { result: { metric: Record<string, string> }[] };
    };
    const found = answer.data.result.map(({ metric }) => JSON.stringify(Object.entries(metric).toSorted()));
    return found.length === 3 ? found.toSorted() : undefined;
  };
  const [otlp, remoteWrite] = [
    await poll("series by OTLP", 30, () => seriesOf(byOtlp)),
    await poll("series by remote write", 30, () => seriesOf(byRemoteWrite)),
  ];
  assert.deepEqual(otlp, remoteWrite);
  assert.match(otlp.join(), /ml_drift_severity_ratio/);
  await poll("the other backend has them", 30, async () => (backend.items.length === 3 ? true : undefined));
});

test("Kafka in between: a consumer that crashes and comes back loses nothing, and nothing is counted twice", async () => {
  const folder = temporaryFolder();
  await churnProfile(folder);
  await using kafka = await startKafka(folder);
  const [port = 0] = await freePorts(1);
  const processor = await startChurnProcessor(folder, port);
  try {
    const env = { TIDEMARK_KAFKA: kafka.address, TIDEMARK_PROCESSOR_URL: processor.url };
    await using producer = await startCollector({ configs: ["kafka-producer.yaml"], cwd: folder, env });
    const consumer = await startCollector({ configs: ["kafka-consumer.yaml"], cwd: folder, env });
    const BATCH = 500;
    const send = async (batch: number) => {
      const rows = Array.from({ length: BATCH }, (_, index) => batch * BATCH + index);
      await sendEvents(
        producer.url,
        rows.map((row) => predictionEvent(row, Date.now())),
      );
    };
    for (let batch = 0; batch < 4; batch++) await send(batch);
    await poll("the first have come through Kafka", 60, async () =>
      (await predictionsOf(processor.url)) > 0 ? true : undefined,
    );
    await consumer.crash();
    for (let batch = 4; batch < 8; batch++) await send(batch);
    await using _again = await startCollector({ configs: ["kafka-consumer.yaml"], cwd: folder, env }, consumer.ports);
    const count = await poll("all have come", 90, async () => {
      const found = await predictionsOf(processor.url);
      return found >= 8 * BATCH ? found : undefined;
    });
    assert.equal(count, 8 * BATCH);
  } finally {
    await processor.close();
  }
});
