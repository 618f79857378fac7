import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeLogs } from "@tidemark/otlp";
import { collectorBinary } from "../../test/e2e/tools/collector.ts";
import { freePorts } from "../../test/e2e/tools/free-ports.ts";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { cpuSecondsOf } from "../stats/cpu-seconds.ts";
import { benchVectors } from "./bench-vectors.ts";
import { startIngestProcessor } from "./ingest-processor.ts";
import { makeTemplate, modelName, PREDICTIONS_PER_REQUEST, type RequestTemplate, renew } from "./ingest-requests.ts";
import { startProgram } from "./measured-process.ts";
import { type LoadResult, sendLoad } from "./send-load.ts";

/** Requests of 1,000 predictions in each measurement. */
const REQUESTS: Readonly<Record<BenchSize, number>> = { quick: 100, default: 500, full: 2_000 };
const REPEATS: Readonly<Record<BenchSize, number>> = { quick: 3, default: 5, full: 9 };
const MANY_MODELS = 1_000;
const MANIFEST = path.join(import.meta.dirname, "collector/builder-config.yaml");

/**
 * What a prediction of 20 features costs from OTLP bytes to a durable row: decoding alone, the whole way with one model
 * and with 1,000, and a Collector that receives the same bytes and throws them away. CPU is counted of the receiving
 * process alone; rates on two cores are what that CPU allows, and the rate by the wall clock stands beside.
 */
export async function benchIngest({ size, part }: BenchOptions): Promise<BenchResult[]> {
  if (part === "vectors") return benchVectors(size);
  const requests = REQUESTS[size];
  const decoded = decodingRate(REPEATS[size]);
  const collector = await measureCollector(requests);
  const one = await measureProcessor(1, requests);
  const many = await measureProcessor(MANY_MODELS, requests);
  const perCpuSecond = (load: LoadResult) => load.predictions / load.cpuSeconds;
  const microseconds = (load: LoadResult) => (load.cpuSeconds * 1e6) / load.predictions;
  const results: BenchResult[] = [
    row("decode, one core", decoded, "predictions/s", "target 300,000", decoded / 300_000),
    row(
      "to durable rows, two cores",
      2 * perCpuSecond(one),
      "predictions/s",
      "target 80,000",
      (2 * perCpuSecond(one)) / 80_000,
    ),
    row("to durable rows, wall clock", one.predictions / one.wallSeconds, "predictions/s", null, null),
    row(
      "CPU, one model",
      microseconds(one),
      "us/prediction",
      "Collector that stores nothing",
      microseconds(collector) / microseconds(one),
    ),
    row("CPU, 1,000 models", microseconds(many), "us/prediction", "one model", microseconds(one) / microseconds(many)),
    row("CPU, Collector that stores nothing", microseconds(collector), "us/prediction", null, null),
    row(
      "decode alone, of that CPU",
      1e6 / decoded,
      "us/prediction",
      "Collector that stores nothing",
      microseconds(collector) / (1e6 / decoded),
    ),
  ];
  for (const { name, value, unit, against, ratio } of results) {
    const compared = ratio === null ? "" : `   ${ratio.toFixed(2)} of ${against}`;
    console.log(
      `${name.padEnd(36)} ${value.toLocaleString("en", { maximumFractionDigits: 1 }).padStart(10)} ${unit}${compared}`,
    );
  }
  return results;
}

function row(name: string, value: number, unit: string, against: string | null, ratio: number | null): BenchResult {
  return { name, value, unit, against, ratio };
}

/** Requests decoded before anything is counted: half a second of a service's life, in which the compiler does its work. */
const WARM_UP_REQUESTS = 400;

/** Median over repeats of predictions decoded in a second of CPU, by a process that has run for some seconds. */
function decodingRate(repeats: number): number {
  const template = makeTemplate(modelName(0), Date.now());
  const context = { tenant: "default", acceptFromUnixNano: 0n, acceptToUnixNano: 2n ** 63n - 1n };
  const rounds = 100;
  const decodeNext = (number: number) => decodeLogs(renew(template, number), "protobuf", context).predictions.length;
  for (let number = 0; number < WARM_UP_REQUESTS; number++) decodeNext(number);
  const rates = Array.from({ length: repeats }, (_, repeat) => {
    let count = 0;
    const seconds = cpuSecondsOf(() => {
      for (let round = 0; round < rounds; round++) count += decodeNext(repeat * rounds + round);
    });
    if (count !== rounds * PREDICTIONS_PER_REQUEST) throw new Error(`${count} predictions were decoded`);
    return count / seconds;
  });
  const sorted = rates.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function measureProcessor(models: number, requests: number): Promise<LoadResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-bench-"));
  try {
    const processor = await startIngestProcessor(folder, models);
    const templates = templatesOf(Math.min(models, 100), models);
    await sendLoad(processor.url, processor.pid, templates, 20);
    const result = await sendLoad(processor.url, processor.pid, templates, requests);
    const stored = await countStored(processor.url);
    await processor.stop("SIGTERM");
    if (stored < result.predictions) throw new Error(`${stored} of ${result.predictions} predictions are stored`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Templates of so many models, spread over all that are configured. */
function templatesOf(count: number, models: number): RequestTemplate[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, index) =>
    makeTemplate(modelName(Math.floor((index * models) / count)), nowMs),
  );
}

async function countStored(url: string): Promise<number> {
  const { models } = (await (await fetch(`${url}/v1/models`)).json()) as { models: { predictions: number }[] };
  return models.reduce((sum, { predictions }) => sum + predictions, 0);
}

async function measureCollector(requests: number): Promise<LoadResult> {
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-bench-"));
  const file = path.join(folder, "collector.yaml");
  writeFileSync(
    file,
    `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters: {nop: {}}
service: {telemetry: {metrics: {level: none}}, pipelines: {logs: {receivers: [otlp], exporters: [nop]}}}
`,
  );
  const url = `http://127.0.0.1:${port}`;
  const headers = { "content-type": "application/json" };
  const isUp = async () => (await fetch(`${url}/v1/logs`, { method: "POST", body: "{}", headers })).ok;
  const collector = await startProgram(collectorBinary(MANIFEST), [`--config=file:${file}`], isUp);
  try {
    const templates = templatesOf(1, 1);
    await sendLoad(url, collector.pid, templates, 20);
    return await sendLoad(url, collector.pid, templates, requests);
  } finally {
    await collector.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
