// Embeddings, and numbers that JSON or an int have no form for, from the service to the store and out again: over protobuf with gzip and over JSON, through a real Collector, while
// the processor is away for a time, and bit for bit.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { OTLPLogExporter as JsonExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { createTidemark } from "@tidemark/instrumentation";
import { startProcessor } from "@tidemark/processor";
import { configSchema } from "@tidemark/schema";
import { pino } from "pino";
import { churnProfile } from "./tools/churn-events.ts";
import { freePorts } from "./tools/free-ports.ts";
import { poll } from "./tools/poll.ts";
import { startCollector } from "./tools/start-collector.ts";

type ExporterOptions = NonNullable<ConstructorParameters<typeof ProtobufExporter>[0]>;
type Compression = NonNullable<ExporterOptions["compression"]>;

const ROOT = path.resolve(import.meta.dirname, "../..");
const DIMENSION = 768;
const ROWS = 300;
const START_MS = Date.UTC(2026, 0, 5);

/** Numbers that a Collector refuses a whole request for, were they written as they are in JSON. */
const AMOUNTS = [Number.NaN, 1e21, -(2 ** 63), 1e300, 2 ** 62, 0.5];
const amountOf = (row: number) => AMOUNTS[row % AMOUNTS.length]!;

const embeddingOf = (row: number) => Float32Array.from({ length: DIMENSION }, (_, index) => Math.sin(row * 31 + index));

/** Records rows the way a service does: the instrumentation's record processor before an exporter of the stock SDK. */
async function serve(rows: readonly number[], exporter: ProtobufExporter | JsonExporter): Promise<void> {
  const sending = createTidemark();
  const loggerProvider = new LoggerProvider({ processors: [sending.recordProcessor(exporter)] });
  const model = createTidemark({ loggerProvider }).describeModel({
    name: "churn",
    version: "1",
    features: { age: "numeric", amount: "numeric", text: "vector", image: "vector" },
    events: { inputs: { age: "keep", amount: "keep", text: "keep", image: "keep" } },
    spans: false,
  });
  for (const row of rows) {
    const image = row % 2 === 0 ? [row, Number.NaN] : undefined;
    model.record({
      id: `row-${row}`,
      timeMs: START_MS + row * 1_000,
      inputs: { age: 40, amount: amountOf(row), text: embeddingOf(row), image },
      score: 0.5,
      value: amountOf(row),
      attributions: { amount: amountOf(row), age: 1 },
    });
  }
  await loggerProvider.shutdown();
}

test("embeddings come through the Collector in either encoding, past a processor that is away, and out again to the bit", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-vectors-"));
  await churnProfile(folder);
  const [port = 0] = await freePorts(1);
  const startIt = () =>
    startProcessor({
      config: configSchema.parse({
        server: { port },
        store: { path: "data" },
        clock: { mode: "replay" },
        models: [{ name: "churn", profile: "profile.json", windows: ["24h"] }],
      }),
      directory: folder,
      logger: pino({ level: "silent" }),
    });
  const url = `http://127.0.0.1:${port}`;
  const predictions = async () => {
    const { models } = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
    return models[0]?.predictions ?? 0;
  };
  const cli = async (...args: string[]) => {
    const program = ["--conditions=tidemark-source", path.join(ROOT, "packages/cli/src/main.ts")];
    return (await promisify(execFile)(process.execPath, [...program, ...args, "--url", url], { cwd: folder })).stdout;
  };
  let processor = await startIt();
  try {
    await using collector = await startCollector({
      configs: ["gateway.yaml"],
      cwd: folder,
      env: { TIDEMARK_PROCESSOR_URL: url },
    });
    const rows = Array.from({ length: ROWS }, (_, row) => row);
    const compression = "gzip" as Compression;
    await serve(rows.slice(0, 100), new ProtobufExporter({ url: `${collector.url}/v1/logs`, compression }));
    await poll("the first are stored", 60, async () => ((await predictions()) === 100 ? true : undefined));
    await processor.close();
    // The Collector keeps these until the processor is back.
    await serve(rows.slice(100, 200), new JsonExporter({ url: `${collector.url}/v1/logs`, headers: {} }));
    processor = await startIt();
    // Straight to the processor, in JSON.
    await serve(rows.slice(200), new JsonExporter({ url: `${url}/v1/logs` }));
    await poll("all are stored", 120, async () => ((await predictions()) === ROWS ? true : undefined)).catch(
      (error) => {
        throw new Error(collector.output(), { cause: error });
      },
    );
    for (const row of [0, 1, 2, 3, 4, 5, 99, 100, 101, 102, 103, 104, 105, 199, 200, 201, 299]) {
      const { predictions: found } = (await (await fetch(`${url}/v1/predictions/row-${row}?model=churn`)).json()) as {
        predictions: { inputs: object; value: number | null; vectors: Record<string, (number | null)[]> }[];
      };
      const [{ inputs, value, vectors }] = found as [(typeof found)[number]];
      const amount = Number.isNaN(amountOf(row)) ? null : amountOf(row);
      assert.deepEqual([inputs, value], [amount === null ? { age: 40 } : { age: 40, amount }, amount]);
      assert.deepEqual(Float32Array.from(vectors["text"] as number[]), embeddingOf(row), `row ${row}`);
      assert.deepEqual(vectors["image"], row % 2 === 0 ? [row, null] : undefined);
    }
    const shown = await cli("show", "row-100", "--model", "churn");
    assert.match(shown, /\n {4}text +768 numbers, norm 19\.\d+: -?0\.\d+, /);
    assert.match(shown, /\n {4}image +2 numbers, 1 of them not finite: 100, not finite\n/);
    await cli("export", "--model", "churn", "-o", "records.jsonl");
    const lines = (await readFile(path.join(folder, "records.jsonl"), "utf8")).trimEnd().split("\n");
    for (const [row, line] of lines.entries()) {
      const { id, text } = JSON.parse(line) as { id: string; text: number[] };
      assert.deepEqual([id, Float32Array.from(text)], [`row-${row}`, embeddingOf(row)]);
    }
    await cli("erase", "row-100", "--model", "churn", "--yes");
    assert.equal(await predictions(), ROWS - 1);
  } finally {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  }
});
