import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { createHarness, pointValue } from "../harness.ts";

const WITHOUT_PROFILE = { name: "flights", version: "1", features: { distance: "numeric" } } as const;

/** Spread over eleven decades, both signs, some zeros; in a fixed order. */
const VALUES = Array.from({ length: 2_000 }, (_, row) =>
  row % 50 === 0 ? 0 : (row % 3 === 0 ? -1 : 1) * 1.013 ** ((row * 37) % 2_000),
);

/** The stock SDK's exponential histogram of the same values. */
async function stockHistogram(): Promise<Record<string, unknown>> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const provider = new MeterProvider({
    readers: [reader],
    views: [
      {
        instrumentName: "*",
        aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { recordMinMax: false, maxSize: 160 } },
      },
    ],
  });
  const recorder = provider.getMeter("stock").createUpDownCounter("distance");
  for (const value of VALUES) recorder.add(value);
  await reader.forceFlush();
  return exporter.getMetrics()[0]!.scopeMetrics[0]!.metrics[0]!.dataPoints[0]!.value as unknown as Record<
    string,
    unknown
  >;
}

test("without a profile a numeric feature has the buckets of the stock SDK's exponential histogram", async () => {
  const { tidemark, points } = createHarness();
  const model = tidemark.describeModel(WITHOUT_PROFILE);
  for (const distance of VALUES) model.record({ inputs: { distance } });
  const ours = pointValue(await points(), "ml.feature.value") as Record<string, unknown>;
  const stock = await stockHistogram();
  for (const key of ["count", "scale", "zeroCount", "positive", "negative"]) {
    assert.deepEqual(ours[key], stock[key], key);
  }
});

test("without a profile scores and values are counted too, in delta anew each interval", async () => {
  const { tidemark, points } = createHarness({ temporality: "delta" });
  const model = tidemark.describeModel(WITHOUT_PROFILE);
  model.record({ inputs: { distance: 1 }, score: 0.5, value: -8 });
  const first = await points();
  assert.equal((pointValue(first, "ml.prediction.score") as { count: number }).count, 1);
  assert.equal((pointValue(first, "ml.prediction.value") as { sum: number }).sum, -8);
  assert.equal(pointValue(await points(), "ml.feature.value"), undefined);
});
