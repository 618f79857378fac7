import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { MeterProvider as ApiMeterProvider } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { createTidemark, type Tidemark } from "@tidemark/instrumentation";
import { createHarness, FLIGHTS, GOOD_INPUTS } from "../harness.ts";

/** A host whose reader knows nothing of us. */
function createHost() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    meterProvider,
    /** Metric, attributes and value of all points, in one order. */
    async points() {
      exporter.reset();
      await reader.forceFlush();
      const metrics = exporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: own }) => own));
      return comparable(
        metrics.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map((point) => ({ ...point, metric: descriptor.name })),
        ),
      );
    },
  };
}

interface AnyPoint {
  readonly metric: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

function comparable(points: readonly AnyPoint[]): string[] {
  return points
    .filter(({ metric }) => metric.startsWith("ml."))
    .map(({ metric, attributes, value }) => {
      const { buckets, count, sum } = value as { buckets?: object; count?: number; sum?: number };
      return JSON.stringify([
        metric,
        Object.entries(attributes).sort(),
        buckets === undefined ? value : { buckets, count, sum },
      ]);
    })
    .sort();
}

function recordSome(tidemark: Tidemark): void {
  const model = tidemark.describeModel({ ...FLIGHTS, events: false, spans: false });
  for (let row = 0; row < 50; row++) {
    model.record({
      inputs: { distance: row * 40, origin: row % 3 === 0 ? "ATL" : "XXX" },
      score: row / 50,
      label: "late",
      durationSeconds: row / 1e3,
    });
  }
  model.record({ inputs: GOOD_INPUTS, error: new TypeError("no") });
  model.count({ inputs: { distance: Number.NaN, origin: null } });
}

describe("plain instruments", () => {
  it("give the points that the producer gives, through a reader that takes no producer", async () => {
    const host = createHost();
    recordSome(createTidemark({ meterProvider: host.meterProvider, temporality: "delta" }));
    const harness = createHarness();
    recordSome(harness.tidemark);
    assert.deepEqual(await host.points(), comparable((await harness.points()) as AnyPoint[]));
    // A further collection repeats them: sums are observed anew.
    assert.deepEqual(await host.points(), comparable((await harness.points()) as AnyPoint[]));
  });

  it("cost no prediction where the host's instruments throw", () => {
    const fail = (): never => {
      throw new Error("injected");
    };
    const meter = new Proxy(
      {},
      { get: (_target, name) => (String(name).startsWith("create") ? () => ({ record: fail }) : () => {}) },
    );
    const tidemark = createTidemark({ meterProvider: { getMeter: () => meter } as unknown as ApiMeterProvider });
    const model = tidemark.describeModel(FLIGHTS);
    assert.equal(
      model.predict(GOOD_INPUTS, () => 42),
      42,
    );
    model.count({ inputs: GOOD_INPUTS });
    const broken = createTidemark({ meterProvider: { getMeter: fail } }).describeModel(FLIGHTS);
    assert.equal(
      broken.predict(GOOD_INPUTS, () => 42),
      42,
    );
  });
});
