import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { metrics } from "@tidemark/semconv";
import { createHarness, FLIGHTS, GOOD_INPUTS } from "../harness.ts";

const NOW_MS = 978_307_200_000;

async function collectOne() {
  const { tidemark, collect } = createHarness({ now: () => NOW_MS });
  const model = tidemark.describeModel(FLIGHTS);
  model.record({ inputs: GOOD_INPUTS, score: 0.5, label: "late", durationSeconds: 0.001, timeMs: NOW_MS });
  return collect();
}

interface OtlpMetric {
  name: string;
  unit: string;
  sum?: { aggregationTemporality: number; isMonotonic: boolean; dataPoints: Record<string, unknown>[] };
  histogram?: { aggregationTemporality: number; dataPoints: Record<string, unknown>[] };
}

async function otlpMetrics(): Promise<OtlpMetric[]> {
  const bytes = JsonMetricsSerializer.serializeRequest(await collectOne())!;
  const request = JSON.parse(new TextDecoder().decode(bytes));
  const [scope] = request.resourceMetrics[0].scopeMetrics;
  assert.equal(scope.scope.name, "tidemark");
  assert.equal(scope.schemaUrl, "https://tidemark.dev/schemas/0.1.0");
  return scope.metrics;
}

describe("points through the stock OTLP serializers", () => {
  it("are the histogram that the wire promises", async () => {
    const found = (await otlpMetrics()).find(({ name }) => name === "ml.feature.value")!;
    assert.equal(found.unit, "{value}");
    assert.deepEqual(found.histogram, {
      aggregationTemporality: 2,
      dataPoints: [
        {
          attributes: [
            { key: "ml.model.name", value: { stringValue: "flights" } },
            { key: "ml.model.version", value: { stringValue: "1" } },
            { key: "ml.deployment.role", value: { stringValue: "champion" } },
            { key: "ml.feature.name", value: { stringValue: "distance" } },
          ],
          bucketCounts: [0, 0, 1, 0],
          explicitBounds: [100, 500, 1000],
          count: 1,
          sum: 700,
          startTimeUnixNano: "978307200000000000",
          timeUnixNano: "978307200001000000",
        },
      ],
    });
  });

  it("are the counter that the wire promises", async () => {
    const found = (await otlpMetrics()).find(({ name }) => name === "ml.prediction.labels")!;
    assert.equal(found.sum!.isMonotonic, true);
    assert.equal(found.sum!.aggregationTemporality, 2);
    assert.equal(found.sum!.dataPoints[0]!["asInt"], 1);
  });

  it("have name, unit and instrument of the conventions", async () => {
    const known = new Map<string, { unit: string; instrument: string }>(
      Object.values(metrics).map((definition) => [definition.name, definition]),
    );
    for (const { name, unit, sum, histogram } of await otlpMetrics()) {
      const definition = known.get(name)!;
      assert.equal(unit, definition.unit, name);
      const instrument = histogram !== undefined ? "histogram" : sum!.isMonotonic ? "counter" : "updowncounter";
      assert.equal(instrument, definition.instrument, name);
    }
  });

  it("serialize as protobuf", async () => {
    assert.ok(ProtobufMetricsSerializer.serializeRequest(await collectOne())!.length > 500);
  });
});
