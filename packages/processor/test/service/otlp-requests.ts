/** A prediction as a service would send it. */
export interface TestPrediction {
  readonly id: string;
  readonly timeMs: number;
  readonly score: number;
  readonly distance?: number;
  readonly origin?: string;
  readonly model?: string;
  readonly version?: string;
  /** What the members of an ensemble answered. */
  readonly answers?: Readonly<Record<string, number>>;
}

export interface TestOutcome {
  readonly id: string;
  readonly timeMs: number;
  readonly label: string;
  readonly model?: string;
}

/** Monday 2001-02-05 00:00 UTC, the first hour of every test. */
export const MONDAY_MS = Date.UTC(2001, 1, 5);
export const HOUR_MS = 3_600_000;

/** One OTLP/JSON log request. */
export function logRequest(records: readonly object[]): string {
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
}

export function predictionRecord(prediction: TestPrediction): object {
  const { id, timeMs, score, distance, origin, model = "flight-delay", version = "1", answers } = prediction;
  const inputs = [
    ...(distance === undefined ? [] : [{ key: "distance", value: { doubleValue: distance } }]),
    ...(origin === undefined ? [] : [{ key: "origin", value: { stringValue: origin } }]),
  ];
  return {
    timeUnixNano: nanos(timeMs),
    eventName: "ml.inference.details",
    severityNumber: 9,
    attributes: [
      text("ml.model.name", model),
      text("ml.model.version", version),
      text("ml.inference.id", id),
      text("ml.prediction.label", score > 0.5 ? "late" : "on_time"),
      { key: "ml.prediction.score", value: { doubleValue: score } },
      ...(answers === undefined ? [] : [doubles("ml.ensemble.answers", answers)]),
      { key: "ml.inference.inputs", value: { kvlistValue: { values: inputs } } },
    ],
  };
}

export function outcomeRecord({ id, timeMs, label, model = "flight-delay" }: TestOutcome): object {
  return {
    timeUnixNano: nanos(timeMs),
    eventName: "ml.outcome.reported",
    severityNumber: 9,
    attributes: [
      text("ml.model.name", model),
      text("ml.inference.id", id),
      text("ml.outcome.kind", "class"),
      text("ml.outcome.label", label),
    ],
  };
}

/** `count` predictions spread evenly over `hours` hours from MONDAY_MS, the same for the same arguments. */
export function somePredictions(count: number, hours: number, prefix = "p"): TestPrediction[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${prefix}-${index}`,
    timeMs: MONDAY_MS + Math.floor((index * hours * HOUR_MS) / count),
    score: ((index * 37) % 100) / 100,
    distance: (index * 131) % 1000,
    origin: index % 2 === 0 ? "LAS" : "PHX",
  }));
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function doubles(key: string, entries: Readonly<Record<string, number>>): object {
  const values = Object.entries(entries).map(([name, doubleValue]) => ({ key: name, value: { doubleValue } }));
  return { key, value: { kvlistValue: { values } } };
}

function nanos(timeMs: number): string {
  return `${BigInt(timeMs) * 1_000_000n}`;
}

/** A cumulative histogram point of `distance`, as a service that holds the profile would send it. */
export interface TestPoint {
  readonly timeMs: number;
  readonly boundaries: readonly number[];
  readonly bucketCounts: readonly number[];
}

/** One OTLP/JSON metric request with points of `ml.feature.value`, each series from MONDAY_MS on. */
export function metricRequest(points: readonly TestPoint[]): string {
  const dataPoints = points.map((point) => ({
    startTimeUnixNano: nanos(MONDAY_MS),
    timeUnixNano: nanos(point.timeMs),
    count: String(point.bucketCounts.reduce((sum, count) => sum + count, 0)),
    sum: 0,
    explicitBounds: point.boundaries,
    bucketCounts: point.bucketCounts.map(String),
    attributes: [
      text("ml.model.name", "flight-delay"),
      text("ml.model.version", "1"),
      text("ml.deployment.role", "champion"),
      text("ml.feature.name", "distance"),
    ],
  }));
  const metric = { name: "ml.feature.value", unit: "{value}", histogram: { aggregationTemporality: 2, dataPoints } };
  const resource = { attributes: [text("service.name", "flights"), text("service.instance.id", "a")] };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] });
}
