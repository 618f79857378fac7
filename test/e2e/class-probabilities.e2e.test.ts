// Probabilities of classes from the service to the scores: recorded with the SDK, over protobuf and over JSON, through a real Collector.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { OTLPLogExporter as JsonExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { createTidemark } from "@tidemark/instrumentation";
import { startProcessor } from "@tidemark/processor";
import { configSchema, contentHash, type Measurement, type Profile } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { pino } from "pino";
import { freePorts } from "./tools/free-ports.ts";
import { poll } from "./tools/poll.ts";
import { startCollector } from "./tools/start-collector.ts";

const ROWS = 300;
const START_MS = Date.UTC(2026, 0, 5);
const HOUR_MS = 3_600_000;
const CLASSES = ["cat", "dog", "bird"];

/** In three decimals, as a JSON service rounds; every tenth does not sum to one. */
const probabilitiesOf = (row: number) =>
  row % 10 === 0 ? { cat: 0.9, dog: 0.9, bird: 0.9 } : { cat: 0.333, dog: 0.333, bird: 0.333 };

async function serve(rows: readonly number[], exporter: ProtobufExporter | JsonExporter): Promise<void> {
  const sending = createTidemark();
  const loggerProvider = new LoggerProvider({ processors: [sending.recordProcessor(exporter)] });
  const model = createTidemark({ loggerProvider }).describeModel({
    name: "animals",
    version: "1",
    features: { size: "numeric" },
    spans: false,
  });
  for (const row of rows) {
    const timeMs = START_MS + row * 1_000;
    model.record({ id: `row-${row}`, timeMs, inputs: { size: row }, probabilities: probabilitiesOf(row) });
    model.recordOutcome({ id: `row-${row}`, timeMs: timeMs + 60_000, label: CLASSES[row % 3]! });
  }
  await loggerProvider.shutdown();
}

test("probabilities of classes come through the Collector in either encoding and are scored, wrong sums are counted", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-classes-"));
  const content: Omit<Profile, "id"> = {
    format: "tidemark.profile/1",
    model: { name: "animals", version: "1", type: "classification" },
    source: { rows: 1_000, start: null, end: null },
    season: null,
    positiveLabel: null,
    fields: [],
    performance: {},
  };
  await writeFile(path.join(folder, "profile.json"), JSON.stringify({ ...content, id: contentHash(content) }));
  const [port = 0] = await freePorts(1);
  const processor = await startProcessor({
    config: configSchema.parse({
      server: { port },
      store: { path: "data" },
      clock: { mode: "replay" },
      models: [{ name: "animals", profile: "profile.json", windows: ["1h"] }],
    }),
    directory: folder,
    logger: pino({ level: "silent" }),
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await using collector = await startCollector({
      configs: ["gateway.yaml"],
      cwd: folder,
      env: { TIDEMARK_PROCESSOR_URL: url },
    });
    const rows = Array.from({ length: ROWS }, (_, row) => row);
    await serve(rows.slice(0, 150), new ProtobufExporter({ url: `${collector.url}/v1/logs` }));
    await serve(rows.slice(150), new JsonExporter({ url: `${collector.url}/v1/logs`, headers: {} }));
    // A later record closes the window.
    await serve([(2 * HOUR_MS) / 1_000 + 1], new JsonExporter({ url: `${collector.url}/v1/logs`, headers: {} }));
    const found = await poll("the window is scored", 90, async () => {
      const answer = await fetch(`${url}/v1/measurements?model=animals`);
      const { measurements } = (await answer.json()) as { measurements: Measurement[] };
      const own = measurements.filter(({ window }) => Date.parse(window.start) === START_MS);
      return own.some(({ metric: of, count }) => of === metric.performanceLogLoss && count === 270) ? own : undefined;
    });
    const scoreOf = (of: string, rule?: string) =>
      found.find((each) => each.metric === of && (rule === undefined || Object.values(each.attributes).includes(rule)))
        ?.value;
    assert.ok(Math.abs(scoreOf(metric.performanceLogLoss)! - Math.log(3)) < 1e-9);
    assert.ok(Math.abs(scoreOf(metric.performanceBrier)! - 2 / 3) < 1e-9);
    assert.equal(scoreOf(metric.performanceRocAuc), 0.5);
    assert.equal(scoreOf(metric.dataQualityShare, "probability_sum"), 0.1);
    const shown = (await (await fetch(`${url}/v1/predictions/row-1?model=animals`)).json()) as {
      predictions: { label: string; score: number; probabilities: object }[];
    };
    assert.deepEqual(
      shown.predictions.map(({ label, score, probabilities }) => ({ label, score, probabilities })),
      [{ label: "cat", score: 0.333, probabilities: probabilitiesOf(1) }],
    );
  } finally {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  }
});
