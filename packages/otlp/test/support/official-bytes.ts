import { type AnyValueMap, SeverityNumber } from "@opentelemetry/api-logs";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MeterProviderOptions,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { OtlpEncoding } from "@tidemark/otlp";

/** One request as the official exporters put it on the wire, in both encodings. */
export type OfficialBytes = Readonly<Record<OtlpEncoding, Uint8Array>>;

export interface OfficialLog {
  readonly eventName?: string;
  readonly timeMs: number;
  readonly attributes: AnyValueMap;
}

const resource = resourceFromAttributes({ "service.name": "flights", "service.instance.id": "a-1" });

export function officialLogs(records: readonly OfficialLog[]): OfficialBytes {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource,
    logRecordLimits: { attributeCountLimit: 1_000 },
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger("test", "1.0.0");
  for (const { eventName, timeMs, attributes } of records) {
    logger.emit({
      ...(eventName === undefined ? {} : { eventName }),
      timestamp: timeMs,
      severityNumber: SeverityNumber.INFO,
      body: "a body nobody reads",
      attributes,
    });
  }
  const finished = exporter.getFinishedLogRecords();
  return {
    protobuf: present(ProtobufLogsSerializer.serializeRequest(finished)),
    json: present(JsonLogsSerializer.serializeRequest(finished)),
  };
}

/** Collects once, after `record` has recorded. */
export async function officialMetrics(
  temporality: "delta" | "cumulative",
  record: (meter: ReturnType<MeterProvider["getMeter"]>) => void,
  views: MeterProviderOptions["views"] = [],
): Promise<OfficialBytes> {
  const exporter = new InMemoryMetricExporter(
    temporality === "delta" ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
  );
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ resource, readers: [reader], views });
  record(provider.getMeter("test", "1.0.0"));
  await reader.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  if (metrics === undefined) throw new Error("the SDK exported no metrics");
  return {
    protobuf: present(ProtobufMetricsSerializer.serializeRequest(metrics)),
    json: present(JsonMetricsSerializer.serializeRequest(metrics)),
  };
}

export function officialSpans(
  spans: readonly {
    readonly name: string;
    readonly endMs: number;
    readonly attributes: Record<string, string | number>;
  }[],
): OfficialBytes {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer("test", "1.0.0");
  for (const { name, endMs, attributes } of spans) {
    tracer.startSpan(name, { startTime: endMs - 5, attributes }).end(endMs);
  }
  const finished = exporter.getFinishedSpans();
  return {
    protobuf: present(ProtobufTraceSerializer.serializeRequest(finished)),
    json: present(JsonTraceSerializer.serializeRequest(finished)),
  };
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error("the official serializer gave no bytes");
  return bytes;
}
