import { type HrTime, ValueType } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  MeterProvider,
  type MetricData,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import { groupBy } from "../group-by.ts";
import type { EmittedPoint } from "./emitted-point.ts";

export interface ExportOptions {
  /** OTLP/HTTP metrics endpoint, `http://collector:4318/v1/metrics`. */
  readonly url: string;
  readonly intervalMs: number;
  readonly points: () => readonly EmittedPoint[];
  readonly now: () => number;
}

/** Sends the points as OTLP metrics once an interval, stamped with the wall clock. Failures are the SDK's to retry and log. */
export function startExport({ url, intervalMs, points, now }: ExportOptions): { close(): Promise<void> } {
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
    exporter: new OTLPMetricExporter({ url }),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(intervalMs, 10_000),
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { close: () => provider.shutdown() };
}

/** Points grouped by metric as the SDK's data; counters as cumulative monotonic sums from the start of the process. */
export function toMetricData(points: readonly EmittedPoint[], startedMs: number, nowMs: number): MetricData[] {
  return [...groupBy(points, (point) => point.metric.name).values()].map((group) => {
    const { metric } = group[0]!;
    const base = {
      descriptor: {
        name: metric.name,
        description: metric.meaning,
        unit: metric.unit,
        valueType: ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: group.map(({ attributes, value }) => ({
        startTime: hrTime(startedMs),
        endTime: hrTime(nowMs),
        attributes,
        value,
      })),
    };
    return metric.instrument === "gauge"
      ? { ...base, dataPointType: DataPointType.GAUGE }
      : { ...base, dataPointType: DataPointType.SUM, isMonotonic: metric.instrument === "counter" };
  });
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
