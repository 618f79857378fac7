import { type DiagLogger, diag } from "@opentelemetry/api";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import {
  createTidemark,
  type Inputs,
  type ProfileJson,
  type Tidemark,
  type TidemarkOptions,
} from "@tidemark/instrumentation";

/** Long enough that only explicit flushes export. */
const NEVER_MS = 2 ** 31 - 1;

/** One collected data point, with the name of its metric. */
export type Point = DataPoint<unknown> & { readonly metric: string };

/** Tidemark behind the real SDK with exporters in memory. */
export interface Harness {
  readonly tidemark: Tidemark;
  /** What the metric reader exports now. */
  collect(): Promise<ResourceMetrics>;
  /** The same, point by point, of our scope only. */
  points(): Promise<Point[]>;
  events(): ReadableLogRecord[];
  readonly spans: InMemorySpanExporter;
}

export function createHarness(options: TidemarkOptions = {}): Harness {
  const logExporter = new InMemoryLogRecordExporter();
  const loggerProvider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logExporter })] });
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const tidemark = createTidemark({ loggerProvider, tracerProvider, ...options });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: NEVER_MS,
    metricProducers: [tidemark.metricProducer],
  });
  new MeterProvider({ readers: [reader] });
  const collect = async () => {
    metricExporter.reset();
    await reader.forceFlush();
    return metricExporter.getMetrics()[0]!;
  };
  return {
    tidemark,
    collect,
    points: async () => pointsOf(await collect()),
    events: () => logExporter.getFinishedLogRecords(),
    spans,
  };
}

/** The points of our scope, with the names of their metrics. */
export function pointsOf(metrics: ResourceMetrics): Point[] {
  const ours = metrics.scopeMetrics.filter(({ scope }) => scope.name === "tidemark").flatMap((scope) => scope.metrics);
  return ours.flatMap(({ descriptor, dataPoints }) =>
    dataPoints.map((point) => ({ ...point, metric: descriptor.name })),
  );
}

/** The value of the only point that has this metric and these attributes; undefined where there is none. */
export function pointValue(
  points: readonly Point[],
  metric: string,
  attributes: Record<string, unknown> = {},
): unknown {
  const found = points.filter(
    (point) =>
      point.metric === metric && Object.entries(attributes).every(([name, value]) => point.attributes[name] === value),
  );
  if (found.length > 1) throw new Error(`${found.length} points of ${metric} match ${JSON.stringify(attributes)}`);
  return found[0]?.value;
}

/** Counts by value state of one feature. */
export function statesOf(points: readonly Point[], feature: string): Record<string, unknown> {
  const matching = points.filter(
    ({ metric, attributes }) => metric === "ml.feature.values" && attributes["ml.feature.name"] === feature,
  );
  return Object.fromEntries(matching.map(({ attributes, value }) => [attributes["ml.feature.value.state"], value]));
}

/** Counts by attribute of all points of a metric. */
export function countsBy(points: readonly Point[], metric: string, attribute: string): Record<string, unknown> {
  const matching = points.filter((point) => point.metric === metric);
  return Object.fromEntries(matching.map(({ attributes, value }) => [String(attributes[attribute]), value]));
}

/** Runs with the messages that go to the diag logger being kept. */
export function captureDiag(run: () => void): string[] {
  const messages: string[] = [];
  const keep = (message: string) => void messages.push(message);
  const logger: DiagLogger = { error: keep, warn: keep, info: keep, debug: keep, verbose: keep };
  diag.setLogger(logger);
  messages.length = 0;
  try {
    run();
  } finally {
    diag.disable();
  }
  return messages.filter((message) => message.startsWith("tidemark:"));
}

/** A profile of two features, a score and a label. */
export const PROFILE: ProfileJson = {
  id: "sha256:test",
  model: { name: "flights" },
  fields: [
    {
      target: "feature",
      kind: "numeric",
      name: "distance",
      boundaries: [100, 500, 1000],
      range: { min: 0, max: 5000 },
    },
    { target: "feature", kind: "categorical", name: "origin", categories: ["ATL", "LAX"], otherCategories: ["JFK"] },
    { target: "prediction", kind: "numeric", name: "score", boundaries: [0.25, 0.5, 0.75], range: { min: 0, max: 1 } },
    { target: "prediction", kind: "categorical", name: "label", categories: ["late", "on_time"], otherCategories: [] },
  ],
};

export const FLIGHTS = { name: "flights", version: "1", profile: PROFILE } as const;

/** Inputs that are as they should be. */
export const GOOD_INPUTS: Inputs = { distance: 700, origin: "ATL" };
