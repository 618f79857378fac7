import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonMetricsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { toOtlpJson } from "../../src/own-export/otlp-json.ts";
import { createHarness, FLIGHTS, GOOD_INPUTS } from "../harness.ts";

const RESOURCE = { "service.name": "shop", "process.pid": 7, ratio: 0.5, on: true, args: ["a", "b"] };

for (const temporality of ["cumulative", "delta"] as const) {
  test(`points are encoded as the stock serializer encodes them, ${temporality}`, async () => {
    const { tidemark } = createHarness({ temporality });
    const profiled = tidemark.describeModel(FLIGHTS);
    const discovered = tidemark.describeModel({ name: "other", version: "1", features: { x: "numeric" } });
    profiled.record({ inputs: GOOD_INPUTS, score: 0.3, label: "late", durationSeconds: 0.01 });
    profiled.record({ inputs: {}, error: new RangeError("no") });
    for (const x of [1, -2.5, 0]) discovered.record({ inputs: { x } });
    const { resourceMetrics } = await tidemark.metricProducer.collect();
    const stock = JsonMetricsSerializer.serializeRequest({
      resource: resourceFromAttributes(RESOURCE),
      scopeMetrics: resourceMetrics.scopeMetrics,
    } as never);
    const ours = JSON.parse(toOtlpJson(RESOURCE, resourceMetrics.scopeMetrics)) as unknown;
    assert.deepEqual(ours, JSON.parse(new TextDecoder().decode(stock)));
  });
}
