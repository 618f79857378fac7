import { randomBytes } from "node:crypto";
import { keyValues } from "./otlp-json.ts";

const timeNano = () => `${Date.now()}000000`;
const MODEL = { "ml.model.name": "churn", "ml.model.version": "1" };

/** Histograms of one value each, by name. */
export function metricsRequest(names: readonly string[]): string {
  const dataPoints = [
    {
      timeUnixNano: timeNano(),
      startTimeUnixNano: timeNano(),
      attributes: keyValues(MODEL),
      count: "1",
      sum: 1,
      bucketCounts: ["1", "0"],
      explicitBounds: [5],
    },
  ];
  const metrics = names.map((name) => ({ name, histogram: { aggregationTemporality: 2, dataPoints } }));
  return JSON.stringify({
    resourceMetrics: [{ resource: { attributes: [] }, scopeMetrics: [{ scope: {}, metrics }] }],
  });
}

/** Three gauges, as a processor exports its results. */
export function resultsRequest(): string {
  const gauge = (name: string, unit: string) => ({
    name,
    unit,
    gauge: { dataPoints: [{ timeUnixNano: timeNano(), attributes: keyValues(MODEL), asDouble: 0.5 }] },
  });
  const metrics = [
    gauge("ml.drift.severity", "1"),
    gauge("ml.drift.psi", "{score}"),
    gauge("tidemark.ingest.queue.usage", "By"),
  ];
  const resource = { attributes: keyValues({ "service.name": "tidemark-processor", "service.instance.id": "a" }) };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: {}, metrics }] }] });
}

const hex = (bytes: number) => randomBytes(bytes).toString("hex");

function spanOf(name: string, failed = false): Record<string, unknown> {
  const attributes = name.startsWith("predict") ? keyValues(MODEL) : [];
  const time = { startTimeUnixNano: timeNano(), endTimeUnixNano: timeNano() };
  return { traceId: hex(16), spanId: hex(8), name, kind: 1, ...time, attributes, status: failed ? { code: 2 } : {} };
}

/** Spans of traces of their own, by name; those that predict are of the model. */
export function tracesRequest(names: readonly string[]): string {
  const spans = names.map((name) => spanOf(name));
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: {}, spans }] }] });
}

/** Traces of one prediction each, of which every tenth failed. */
export function manyTraces(count: number): string {
  const spans = Array.from({ length: count }, (_, index) => spanOf("predict churn", index % 10 === 0));
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: {}, spans }] }] });
}
