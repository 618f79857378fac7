import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, type MetricProducer, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import type { EmittedPoint } from "./emitted-point.ts";
import { toMetricData } from "./metric-data.ts";
import { watchedExporter } from "./watched-exporter.ts";

export interface ExportOptions {
  /** OTLP/HTTP metrics endpoint, `http://collector:4318/v1/metrics`. */
  readonly url: string;
  readonly intervalMs: number;
  readonly points: () => readonly EmittedPoint[];
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Sends the points as OTLP metrics once an interval, stamped with the wall clock. A failed export is told; the next one
 * carries everything again.
 */
export function startExport({ url, intervalMs, points, now, onFailure }: ExportOptions): { close(): Promise<void> } {
  const startedMs = now();
  const resource = resourceFromAttributes({ "service.name": "tidemark-processor" });
  const producer: MetricProducer = {
    collect: async () => ({
      resourceMetrics: {
        resource,
        scopeMetrics: [
          { scope: { name: SCOPE_NAME, schemaUrl: SCHEMA_URL }, metrics: toMetricData(points(), startedMs, now()) },
        ],
      },
      errors: [],
    }),
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: watchedExporter(new OTLPMetricExporter({ url }), onFailure),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(intervalMs, 10_000),
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { close: () => provider.shutdown() };
}
