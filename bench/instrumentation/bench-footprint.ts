import { ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { createTidemark } from "@tidemark/instrumentation";
import type { BenchResult, BenchSize } from "../bench-result.ts";
import { heapBytes } from "./heap-bytes.ts";
import { createWorkload } from "./workload.ts";

const ROWS = 1_024;

/** Memory over many predictions, and bytes on the wire an interval whatever their number. */
export async function benchFootprint(size: BenchSize): Promise<BenchResult[]> {
  const workload = createWorkload(ROWS);
  const tidemark = createTidemark();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: 2 ** 31 - 1,
    metricProducers: [tidemark.metricProducer],
  });
  new MeterProvider({ readers: [reader] });
  const { profile, codes } = workload;
  const model = tidemark.describeModel({
    name: "benchmark",
    version: "1",
    profile,
    codes,
    events: false,
    spans: false,
  });
  const countUpTo = (from: number, to: number) => {
    for (let row = from; row < to; row++)
      model.count((row % 2 === 0 ? workload.byRow : workload.byName)[row & (ROWS - 1)]!);
  };
  const exportedBytes = async () => {
    await reader.forceFlush();
    const bytes = ProtobufMetricsSerializer.serializeRequest(exporter.getMetrics()[0]!)!.byteLength;
    exporter.reset();
    return bytes;
  };
  const steps = size === "quick" ? [10_000, 100_000, 1_000_000] : [10_000, 100_000, 1_000_000, 10_000_000];
  console.log("\nPredictions, heap in use and OTLP bytes of one interval");
  const results: BenchResult[] = [];
  let made = 0;
  let first: { readonly heap: number; readonly bytes: number } | undefined;
  for (const step of steps) {
    countUpTo(made, step);
    made = step;
    const bytes = await exportedBytes();
    const heap = heapBytes();
    first ??= { heap, bytes };
    const grown = heap - first.heap;
    console.log(
      `${String(step).padStart(10)}  ${(heap / 1e6).toFixed(2)} MB (${grown >= 0 ? "+" : ""}${grown} bytes)  ${bytes} bytes`,
    );
    results.push(
      { name: `heap after ${step}`, value: heap, unit: "By", against: `after ${steps[0]}`, ratio: first.heap / heap },
      {
        name: `exported after ${step}`,
        value: bytes,
        unit: "By",
        against: `after ${steps[0]}`,
        ratio: first.bytes / bytes,
      },
    );
  }
  return results;
}
