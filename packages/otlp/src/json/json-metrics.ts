import { createAttributeSet } from "../attribute-value.ts";
import {
  type BucketDraft,
  createExponentialDraft,
  PointDraft,
  type PointKind,
  type PointOrigin,
  type PointSink,
} from "../points/point-draft.ts";
import { readAttributes } from "./json-attributes.ts";
import {
  type JsonObject,
  parseBody,
  toDouble,
  toInt32,
  toInt64,
  toList,
  toObject,
  toText,
  toUint32,
  toUint64,
} from "./json-value.ts";

const DATA_KINDS: readonly (readonly [field: string, kind: PointKind])[] = [
  ["gauge", "gauge"],
  ["sum", "sum"],
  ["histogram", "histogram"],
  ["exponentialHistogram", "exponential_histogram"],
  ["summary", "summary"],
];

/** Reads the wanted data points of an ExportMetricsServiceRequest in JSON. Throws OtlpDecodeError. */
export function readJsonMetrics(bytes: Uint8Array, sink: PointSink): void {
  for (const item of toList(parseBody(bytes)["resourceMetrics"], "resourceMetrics")) {
    const resourceMetrics = toObject(item, "resourceMetrics[]");
    const resource = createAttributeSet();
    readAttributes(optionalObject(resourceMetrics["resource"], "resource")["attributes"], resource);
    for (const scopeItem of toList(resourceMetrics["scopeMetrics"], "scopeMetrics")) {
      const scopeMetrics = toObject(scopeItem, "scopeMetrics[]");
      const scope = optionalObject(scopeMetrics["scope"], "scope");
      const origin = {
        resource,
        scopeName: toText(scope["name"], "scope.name"),
        scopeVersion: toText(scope["version"], "scope.version"),
        scope: createAttributeSet(),
      };
      readAttributes(scope["attributes"], origin.scope);
      for (const metric of toList(scopeMetrics["metrics"], "metrics"))
        readMetric(toObject(metric, "metrics[]"), origin, sink);
    }
  }
}

function readMetric(metric: JsonObject, origin: PointOrigin, sink: PointSink): void {
  const name = toText(metric["name"], "metrics[].name");
  for (const [field, kind] of DATA_KINDS) {
    const data = optionalObject(metric[field], field);
    const points = toList(data["dataPoints"], `${field}.dataPoints`);
    if (!sink.isWanted(name)) {
      sink.onIgnored(points.length);
      continue;
    }
    const temporality = toUint32(data["aggregationTemporality"], "aggregationTemporality");
    for (const item of points) {
      const point = toObject(item, "dataPoints[]");
      sink.onPoint({ origin, name, kind, temporality }, READERS[kind](point));
    }
  }
}

function readNumberPoint(point: JsonObject): PointDraft {
  const draft = readCommon(point);
  if (point["asInt"] !== undefined && point["asInt"] !== null) draft.value = toInt64(point["asInt"], "asInt");
  else if (point["asDouble"] !== undefined && point["asDouble"] !== null)
    draft.value = toDouble(point["asDouble"], "asDouble");
  return draft;
}

function readHistogramPoint(point: JsonObject): PointDraft {
  const draft = readCommon(point);
  draft.count = toUint64(point["count"], "count");
  if (point["sum"] !== undefined && point["sum"] !== null) draft.sum = toDouble(point["sum"], "sum");
  draft.boundaries = toList(point["explicitBounds"], "explicitBounds").map((bound) =>
    toDouble(bound, "explicitBounds[]"),
  );
  draft.bucketCounts = toList(point["bucketCounts"], "bucketCounts").map((count) => toUint64(count, "bucketCounts[]"));
  return draft;
}

function readExponentialPoint(point: JsonObject): PointDraft {
  const draft = readCommon(point);
  draft.count = toUint64(point["count"], "count");
  if (point["sum"] !== undefined && point["sum"] !== null) draft.sum = toDouble(point["sum"], "sum");
  const exponential = createExponentialDraft();
  exponential.scale = toInt32(point["scale"], "scale");
  exponential.zeroCount = toUint64(point["zeroCount"], "zeroCount");
  exponential.zeroThreshold = toDouble(point["zeroThreshold"] ?? 0, "zeroThreshold");
  exponential.positive = readBuckets(point["positive"], "positive");
  exponential.negative = readBuckets(point["negative"], "negative");
  draft.exponential = exponential;
  return draft;
}

function readBuckets(value: unknown, field: string): BucketDraft {
  const buckets = optionalObject(value, field);
  return {
    offset: toInt32(buckets["offset"], `${field}.offset`),
    counts: toList(buckets["bucketCounts"], `${field}.bucketCounts`).map((count) =>
      toUint64(count, `${field}.bucketCounts[]`),
    ),
  };
}

function readCommon(point: JsonObject): PointDraft {
  const draft = new PointDraft();
  draft.startUnixNano = toUint64(point["startTimeUnixNano"], "startTimeUnixNano");
  draft.timeUnixNano = toUint64(point["timeUnixNano"], "timeUnixNano");
  draft.flags = toUint32(point["flags"], "flags");
  readAttributes(point["attributes"], draft.attributes);
  return draft;
}

const READERS: Readonly<Record<PointKind, (point: JsonObject) => PointDraft>> = {
  gauge: readNumberPoint,
  sum: readNumberPoint,
  histogram: readHistogramPoint,
  exponential_histogram: readExponentialPoint,
  summary: readNumberPoint,
};

function optionalObject(value: unknown, field: string): JsonObject {
  return value === undefined || value === null ? {} : toObject(value, field);
}
