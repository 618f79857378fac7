import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  type CountedPrediction,
  createTidemark,
  type ModelRecorder,
  type PredictionRecord,
} from "@tidemark/instrumentation";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { heapBytes } from "./heap-bytes.ts";
import { measureRounds } from "./rounds.ts";
import { CATEGORICAL_FEATURES, createWorkload, NUMERIC_FEATURES, type Workload } from "./workload.ts";

/** Distinct predictions, used in turn: a power of two. */
const ROWS = 1_024;
const TARGETS = { "typed array": 500, object: 750 } as const;

/** What recording a prediction costs, beside the stock SDK's instruments in the same run, and what it allocates. */
export function benchRecording(size: BenchSize): BenchResult[] {
  const workload = createWorkload(ROWS);
  const times = size === "quick" ? 50_000 : 300_000;
  const rounds = size === "quick" ? 3 : 9;
  const counted = describe(workload, []);
  const segmented = describe(workload, ["categorical_0"]);
  const told = describe(workload, [], true);
  const vectors = Array.from({ length: ROWS }, (_, row) => vectorRecord(row));
  const withoutVectors = vectors.map(({ score }) => ({ inputs: {}, score }));
  const works = [
    { name: "typed array", times, run: countEach(counted, workload.byRow) },
    { name: "object", times, run: countEach(counted, workload.byName) },
    { name: "typed array, one segment", times, run: countEach(segmented, workload.byRow) },
    { name: "object, record() with an id", times, run: recordEach(counted, workload.byName) },
    { name: "object, with an event", times, run: recordEach(told, workload.byName) },
    { name: "the same, of three members", times, run: recordEach(told, workload.byName.map(withMembers)) },
    { name: "one vector of 768, not sampled", times, run: recordEach(describeVector(0.000_001), vectors) },
    { name: "one vector of 768, with an event", times, run: recordEach(describeVector(1), vectors) },
    { name: "the same event without it", times, run: recordEach(describeVector(1), withoutVectors) },
    { name: "stock instruments", times: Math.round(times / 20), run: createStockRecorder(workload) },
  ];
  const measured = measureRounds(works, rounds);
  const stock = measured.get("stock instruments")!.median;
  console.log(
    `\nA prediction with ${NUMERIC_FEATURES} numeric and ${CATEGORICAL_FEATURES} categorical features, CPU time`,
  );
  const results = [...measured].map(([name, { median, lowest, highest }]) => {
    const target = TARGETS[name as keyof typeof TARGETS];
    const verdict = target === undefined ? "" : median <= target ? `target ${target}: met` : `target ${target}: missed`;
    const spread = `${lowest.toFixed(0)} to ${highest.toFixed(0)}`;
    console.log(
      `${name.padEnd(30)} ${median.toFixed(0).padStart(7)} ns  (${spread})  ${(stock / median).toFixed(1)} times as fast  ${verdict}`,
    );
    return { name: `record: ${name}`, value: median, unit: "ns", against: "stock instruments", ratio: stock / median };
  });
  return [...results, ...benchAllocation(counted, workload)];
}

/** Bytes that a prediction allocates once the engine has compiled the way. */
function benchAllocation(model: ModelRecorder, { byRow, byName }: Workload): BenchResult[] {
  return [
    { name: "typed array", run: countEach(model, byRow) },
    { name: "object", run: countEach(model, byName) },
  ].map(({ name, run }) => {
    const times = 200_000;
    const rounds = Array.from({ length: 5 }, () => {
      const before = heapBytes();
      run(times);
      // Nothing is collected in between, or what is left is still less.
      return Math.max(0, process.memoryUsage().heapUsed - before) / times;
    });
    // The engine's own compiling falls into one round or another.
    const each = Math.min(...rounds);
    console.log(`${name.padEnd(30)} ${each.toFixed(3).padStart(7)} bytes allocated a prediction`);
    return { name: `allocated: ${name}`, value: each, unit: "By", against: null, ratio: null };
  });
}

/** Where events are made, nobody takes them. */
const NOBODY = { getLogger: () => ({ emit: () => undefined, enabled: () => true }) };

/** An ensemble's prediction whose members are named, without recorders of their own. */
function withMembers(prediction: CountedPrediction): PredictionRecord {
  const members = ["trees", "linear", "net"].map((model, index) => ({ model, score: index / 4 }));
  return { ...prediction, members };
}

function describe({ profile, codes }: Workload, segments: readonly string[], events = false): ModelRecorder {
  const description = {
    name: "benchmark",
    version: "1",
    profile,
    codes,
    segments,
    ...(events ? {} : { events: false as const }),
    spans: false,
  } as const;
  return createTidemark(events ? { loggerProvider: NOBODY } : {}).describeModel(description);
}

/** A model whose only feature is an embedding, of which such a share of the predictions is sampled. */
function describeVector(probability: number): ModelRecorder {
  return createTidemark({ loggerProvider: NOBODY, sampling: { probability } }).describeModel({
    name: "benchmark",
    version: "1",
    features: { text: "vector" },
    events: { inputs: { text: "keep" } },
    spans: false,
  });
}

function vectorRecord(row: number): CountedPrediction {
  return {
    inputs: { text: Float32Array.from({ length: 768 }, (_, index) => Math.sin(row + index)) },
    score: row / ROWS,
  };
}

function countEach(model: ModelRecorder, predictions: readonly CountedPrediction[]): (times: number) => void {
  return (times) => {
    for (let row = 0; row < times; row++) model.count(predictions[row & (ROWS - 1)]!);
  };
}

function recordEach(model: ModelRecorder, predictions: readonly CountedPrediction[]): (times: number) => void {
  return (times) => {
    for (let row = 0; row < times; row++) model.record(predictions[row & (ROWS - 1)]!);
  };
}

/** What a service would write otherwise: a histogram a numeric feature, a counter a categorical one. */
function createStockRecorder({ byName, boundaries, codes }: Workload): (times: number) => void {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("stock");
  const model = { "ml.model.name": "benchmark", "ml.model.version": "1", "ml.deployment.role": "champion" };
  const numeric = boundaries.map((explicitBucketBoundaries, index) => ({
    name: `numeric_${index}`,
    histogram: meter.createHistogram(`numeric_${index}`, {
      advice: { explicitBucketBoundaries: [...explicitBucketBoundaries] },
    }),
    attributes: { ...model, "ml.feature.name": `numeric_${index}` },
  }));
  const categorical = Object.keys(codes).map((name) => ({
    name,
    counter: meter.createCounter(name),
    attributes: { ...model, "ml.feature.name": name },
  }));
  return (times) => {
    for (let row = 0; row < times; row++) {
      const inputs = byName[row & (ROWS - 1)]!.inputs as Record<string, unknown>;
      for (const { name, histogram, attributes } of numeric) histogram.record(inputs[name] as number, attributes);
      for (const { name, counter, attributes } of categorical) {
        counter.add(1, { ...attributes, "ml.feature.category": inputs[name] as string });
      }
    }
  };
}
