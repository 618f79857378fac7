import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { BatchLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { createTidemark, type Tidemark } from "@tidemark/instrumentation";
import { REPLAY_QUEUE } from "../replay/backpressure.ts";

/** The stock SDK of the service, with Tidemark's instrumentation in it. */
export interface Telemetry {
  readonly tidemark: Tidemark;
  readonly logs: BatchLogRecordProcessor;
  readonly metrics: PeriodicExportingMetricReader;
  shutdown(): Promise<void>;
}

/** As the OpenTelemetry specification has it. */
const DEFAULT_INTERVAL_MS = 60_000;

/** Exports to OTEL_EXPORTER_OTLP_ENDPOINT; the other OTEL_ variables hold as well. */
export function startTelemetry(replay: boolean): Telemetry {
  const tidemark = createTidemark({ replay });
  const logs = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), ...(replay ? REPLAY_QUEUE : {}) });
  // A reader made by hand does not look at this variable itself.
  const exportIntervalMillis = Number(process.env["OTEL_METRIC_EXPORT_INTERVAL"] ?? DEFAULT_INTERVAL_MS);
  const metrics = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
    metricProducers: [tidemark.metricProducer],
  });
  const sdk = new NodeSDK({
    serviceName: "flight-delay-service",
    logRecordProcessors: [logs],
    metricReaders: [metrics],
  });
  sdk.start();
  return { tidemark, logs, metrics, shutdown: () => sdk.shutdown() };
}
