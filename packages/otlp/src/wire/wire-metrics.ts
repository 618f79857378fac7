import { createAttributeSet } from "../attribute-value.ts";
import type { MetricDraft, PointKind, PointOrigin, PointSink } from "../points/point-draft.ts";
import { readAttribute } from "./wire-attributes.ts";
import { readExponentialPoint } from "./wire-exponential.ts";
import { readHistogramPoint, readNumberPoint } from "./wire-points.ts";
import { tagOf, WIRE_LENGTH, WIRE_VARINT, WireReader } from "./wire-reader.ts";

// opentelemetry.proto.metrics.v1: ExportMetricsServiceRequest, ResourceMetrics, ScopeMetrics, Metric and its data.
const RESOURCE_METRICS = tagOf(1, WIRE_LENGTH);
const RESOURCE = tagOf(1, WIRE_LENGTH);
const SCOPE_METRICS = tagOf(2, WIRE_LENGTH);
const SCOPE = tagOf(1, WIRE_LENGTH);
const METRICS = tagOf(2, WIRE_LENGTH);
const RESOURCE_ATTRIBUTES = tagOf(1, WIRE_LENGTH);
const SCOPE_NAME = tagOf(1, WIRE_LENGTH);
const SCOPE_VERSION = tagOf(2, WIRE_LENGTH);
const SCOPE_ATTRIBUTES = tagOf(3, WIRE_LENGTH);
const METRIC_NAME = tagOf(1, WIRE_LENGTH);
const DATA_POINTS = tagOf(1, WIRE_LENGTH);
const AGGREGATION_TEMPORALITY = tagOf(2, WIRE_VARINT);
const DATA_KINDS: ReadonlyMap<number, PointKind> = new Map([
  [tagOf(5, WIRE_LENGTH), "gauge"],
  [tagOf(7, WIRE_LENGTH), "sum"],
  [tagOf(9, WIRE_LENGTH), "histogram"],
  [tagOf(10, WIRE_LENGTH), "exponential_histogram"],
  [tagOf(11, WIRE_LENGTH), "summary"],
]);

const READERS: Readonly<Record<PointKind, typeof readNumberPoint>> = {
  gauge: readNumberPoint,
  sum: readNumberPoint,
  histogram: readHistogramPoint,
  exponential_histogram: readExponentialPoint,
  summary: readNumberPoint,
};

/**
 * Reads the wanted data points of an ExportMetricsServiceRequest. Fields may come in any order, so that each message
 * is passed over twice: once for what all its points share, once for the points. Throws OtlpDecodeError.
 */
export function readWireMetrics(bytes: Uint8Array, sink: PointSink): void {
  const reader = new WireReader(bytes);
  reader.each(reader.length, RESOURCE_METRICS, (end) => readResourceMetrics(reader, end, sink));
}

function readResourceMetrics(reader: WireReader, end: number, sink: PointSink): void {
  const start = reader.position;
  const resource = createAttributeSet();
  reader.each(end, RESOURCE, (resourceEnd) =>
    reader.each(resourceEnd, RESOURCE_ATTRIBUTES, (attributeEnd) => readAttribute(reader, attributeEnd, resource)),
  );
  reader.position = start;
  reader.each(end, SCOPE_METRICS, (scopeEnd) => {
    const scopeStart = reader.position;
    const origin = { resource, scopeName: "", scopeVersion: "", scope: createAttributeSet() };
    reader.each(scopeEnd, SCOPE, (instrumentationEnd) => readScope(reader, instrumentationEnd, origin));
    reader.position = scopeStart;
    reader.each(scopeEnd, METRICS, (metricEnd) => readMetric(reader, metricEnd, origin, sink));
  });
}

function readScope(
  reader: WireReader,
  end: number,
  origin: { -readonly [Key in keyof PointOrigin]: PointOrigin[Key] },
): void {
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === SCOPE_NAME) origin.scopeName = reader.text(end);
    else if (tag === SCOPE_VERSION) origin.scopeVersion = reader.text(end);
    else if (tag === SCOPE_ATTRIBUTES) readAttribute(reader, reader.contentEnd(end), origin.scope);
    else reader.skip(tag, end);
  }
}

function readMetric(reader: WireReader, end: number, origin: PointOrigin, sink: PointSink): void {
  const start = reader.position;
  let name = "";
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === METRIC_NAME) name = reader.text(end);
    else reader.skip(tag, end);
  }
  reader.position = start;
  while (reader.position < end) {
    const tag = reader.tag(end);
    const kind = DATA_KINDS.get(tag);
    if (kind === undefined) reader.skip(tag, end);
    else readData(reader, reader.contentEnd(end), { origin, name, kind }, sink);
  }
}

function readData(reader: WireReader, end: number, metric: Omit<MetricDraft, "temporality">, sink: PointSink): void {
  const start = reader.position;
  let temporality = 0;
  let points = 0;
  while (reader.position < end) {
    const tag = reader.tag(end);
    if (tag === AGGREGATION_TEMPORALITY && metric.kind !== "gauge") temporality = Number(reader.int64(end));
    else reader.skip(tag, end);
    if (tag === DATA_POINTS) points++;
  }
  if (!sink.isWanted(metric.name)) {
    sink.onIgnored(points);
    return;
  }
  const draft: MetricDraft = { ...metric, temporality };
  const readOne = READERS[metric.kind];
  reader.position = start;
  reader.each(end, DATA_POINTS, (pointEnd) => sink.onPoint(draft, readOne(reader, pointEnd)));
}
