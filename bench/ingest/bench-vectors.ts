import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeLogs } from "@tidemark/otlp";
import { readVectorSamples } from "../../packages/processor/src/aggregate/vector-samples.ts";
import { openStore } from "../../packages/processor/src/store/open-store.ts";
import type { Store } from "../../packages/processor/src/store/store.ts";
import { createWriter } from "../../packages/processor/src/store/writer.ts";
import { KEY, MONDAY_MS, prediction } from "../../packages/processor/test/records.ts";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { cpuSecondsOf } from "../stats/cpu-seconds.ts";
import { startIngestProcessor } from "./ingest-processor.ts";
import { makeTemplate, modelName, type RequestTemplate, renew, vectorOf } from "./ingest-requests.ts";
import { sendLoad } from "./send-load.ts";

const LENGTH = 768;
const PREDICTIONS = 100;
const REQUESTS: Readonly<Record<BenchSize, number>> = { quick: 50, default: 200, full: 1_000 };
const WINDOW_ROWS: Readonly<Record<BenchSize, number>> = { quick: 20_000, default: 100_000, full: 100_000 };
const REPEATS = 5;
const MB = 1e6;

/** What one vector of 768 numbers a prediction costs: taken in beside the same predictions without, kept, and read for a window. */
export async function benchVectors(size: BenchSize): Promise<BenchResult[]> {
  const without = makeTemplate(modelName(0), Date.now(), PREDICTIONS);
  const having = makeTemplate(modelName(0), Date.now(), PREDICTIONS, LENGTH);
  const results: BenchResult[] = [];
  const add = (
    name: string,
    value: number,
    unit: string,
    against: string | null = null,
    ratio: number | null = null,
  ) => {
    results.push({ name, value, unit, against, ratio });
    const compared = ratio === null ? "" : `   ${ratio.toFixed(2)} of ${against}`;
    console.log(
      `${name.padEnd(46)} ${value.toLocaleString("en", { maximumFractionDigits: 1 }).padStart(10)} ${unit}${compared}`,
    );
  };
  const bytes = having.bytes.length / PREDICTIONS;
  add("a prediction on the wire", without.bytes.length / PREDICTIONS, "By");
  add("the same with a vector", bytes, "By");
  const decoded = { without: decodeCost(without), having: decodeCost(having) };
  add("decode", decoded.without, "us/prediction");
  add("decode with a vector", decoded.having, "us/prediction", "without", decoded.without / decoded.having);
  add("decode with a vector, one core", bytes / decoded.having, "MB/s");
  const taken = { without: await takenIn(without, REQUESTS[size]), having: await takenIn(having, REQUESTS[size]) };
  add("to durable rows, CPU", taken.without, "us/prediction");
  add("to durable rows with a vector, CPU", taken.having, "us/prediction", "without", taken.without / taken.having);
  add("to durable rows with a vector, two cores", (2 * 1e6) / taken.having, "predictions/s");
  add("the same", (2 * bytes) / taken.having, "MB/s");
  const window = await readWindow(WINDOW_ROWS[size]);
  add("a vector in the store", window.bytesEach, "By", "its numbers", (4 * LENGTH) / window.bytesEach);
  add(`sample of a window of ${WINDOW_ROWS[size]}, CPU`, window.cpuSeconds * 1_000, "ms");
  add("the same without vector features, CPU", window.withoutSeconds * 1_000, "ms");
  return results;
}

/** Microseconds of CPU a prediction. */
function decodeCost(template: RequestTemplate): number {
  const context = { tenant: "default", acceptFromUnixNano: 0n, acceptToUnixNano: 2n ** 63n - 1n };
  const rounds = 200;
  const costs = Array.from({ length: REPEATS + 1 }, (_, repeat) => {
    let count = 0;
    const seconds = cpuSecondsOf(() => {
      for (let round = 0; round < rounds; round++) {
        count += decodeLogs(renew(template, repeat * rounds + round), "protobuf", context).predictions.length;
      }
    });
    return (seconds * 1e6) / count;
  });
  // The first is a warm-up.
  return median(costs.slice(1));
}

/** Microseconds of the processor's CPU a prediction, until its rows are durable. */
async function takenIn(template: RequestTemplate, requests: number): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-bench-"));
  try {
    const processor = await startIngestProcessor(folder, 1);
    await sendLoad(processor.url, processor.pid, [template], 20);
    const { cpuSeconds, predictions } = await sendLoad(processor.url, processor.pid, [template], requests);
    await processor.stop("SIGTERM");
    return (cpuSeconds * 1e6) / predictions;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface WindowCost {
  readonly bytesEach: number;
  readonly cpuSeconds: number;
  readonly withoutSeconds: number;
}

async function readWindow(rows: number): Promise<WindowCost> {
  const folder = mkdtempSync(path.join(tmpdir(), "tidemark-bench-"));
  const store = await openStore(folder);
  try {
    await fill(store, rows);
    const request = { key: KEY, window: { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + 3_600_000 } };
    const costOf = async (features: readonly { name: string; dimension: number }[]) => {
      const costs: number[] = [];
      for (let repeat = 0; repeat <= REPEATS; repeat++) {
        const before = process.cpuUsage();
        const samples = await readVectorSamples(store, request, features);
        const { user, system } = process.cpuUsage(before);
        if (samples.some((sample) => sample.rows !== 2_000)) throw new Error("a sample lacks rows");
        costs.push((user + system) / 1e6);
      }
      return median(costs.slice(1));
    };
    const [size] = await store.query<{ bytes: number }>(
      "SELECT toFloat64(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND table = 'vector'",
    );
    return {
      bytesEach: size!.bytes / rows,
      cpuSeconds: await costOf([{ name: "text", dimension: LENGTH }]),
      withoutSeconds: await costOf([]),
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An hour of predictions with a vector each, in batches as they are committed live. */
async function fill(store: Store, rows: number): Promise<void> {
  const writer = createWriter(store, { maxQueuedBytes: 256 * MB, now: () => Date.now() });
  const batch = 5_000;
  for (let from = 0; from < rows; from += batch) {
    const predictions = Array.from({ length: Math.min(batch, rows - from) }, (_, index) => {
      const row = from + index;
      const vectors = { text: Float32Array.from(vectorOf(row, LENGTH)) };
      return prediction(`prediction-${row}`, MONDAY_MS + (row * 3_600_000) / rows, { vectors });
    });
    await writer.write({ predictions, outcomes: [], points: [] });
  }
  await writer.flush();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
