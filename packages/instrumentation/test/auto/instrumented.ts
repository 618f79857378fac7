import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { TidemarkInstrumentation, type TidemarkInstrumentationConfig } from "@tidemark/instrumentation";
import { type Point, pointsOf } from "../harness.ts";

/** A patched process, behind the real SDK with exporters in memory. Only one in a process. */
export function instrument(config: TidemarkInstrumentationConfig) {
  const instrumentation = new TidemarkInstrumentation(config);
  const logExporter = new InMemoryLogRecordExporter();
  const spans = new InMemorySpanExporter();
  instrumentation.setLoggerProvider(
    new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logExporter })] }),
  );
  instrumentation.setTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  );
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 2 ** 31 - 1,
    metricProducers: [instrumentation.metricProducer],
  });
  new MeterProvider({ readers: [reader] });
  return {
    instrumentation,
    spans,
    events: () => logExporter.getFinishedLogRecords(),
    points: async (): Promise<Point[]> => {
      metricExporter.reset();
      await reader.forceFlush();
      return pointsOf(metricExporter.getMetrics()[0]!);
    },
  };
}

/** The points of one model. */
export const ofModel = (points: readonly Point[], model: string) =>
  points.filter(({ attributes }) => attributes["ml.model.name"] === model);
