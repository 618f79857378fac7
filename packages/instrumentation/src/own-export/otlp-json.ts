import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import {
  type CollectionResult,
  CUMULATIVE,
  type DataPoint,
  EXPONENTIAL_HISTOGRAM_POINTS,
  HISTOGRAM_POINTS,
  type MetricData,
} from "../export/metric-data.ts";

type ScopeMetrics = CollectionResult["resourceMetrics"]["scopeMetrics"];

/** AggregationTemporality of the protocol, whose zero is "unspecified". */
const DELTA_CODE = 1;
const CUMULATIVE_CODE = 2;

/** An ExportMetricsServiceRequest in OTLP's JSON encoding (opentelemetry-proto, "JSON Protobuf Encoding"). */
export function toOtlpJson(resource: Attributes, scopeMetrics: ScopeMetrics): string {
  return JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: keyValues(resource), droppedAttributesCount: 0 },
        scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({
          scope: { name: scope.name, version: scope.version },
          metrics: metrics.map(toMetric),
          schemaUrl: scope.schemaUrl,
        })),
      },
    ],
  });
}

function toMetric(data: MetricData): object {
  const { name, description, unit, valueType } = data.descriptor;
  const aggregationTemporality = data.aggregationTemporality === CUMULATIVE ? CUMULATIVE_CODE : DELTA_CODE;
  const metric = { name, description, unit };
  if (data.dataPointType === HISTOGRAM_POINTS) {
    const dataPoints = data.dataPoints.map((point) => ({
      ...toPoint(point),
      count: point.value.count,
      sum: point.value.sum,
      bucketCounts: point.value.buckets.counts,
      explicitBounds: point.value.buckets.boundaries,
    }));
    return { ...metric, histogram: { aggregationTemporality, dataPoints } };
  }
  if (data.dataPointType === EXPONENTIAL_HISTOGRAM_POINTS) {
    const dataPoints = data.dataPoints.map((point) => ({ ...toPoint(point), ...point.value }));
    return { ...metric, exponentialHistogram: { aggregationTemporality, dataPoints } };
  }
  const key = valueType === ValueType.INT ? "asInt" : "asDouble";
  const dataPoints = data.dataPoints.map((point) => ({ ...toPoint(point), [key]: point.value }));
  return { ...metric, sum: { aggregationTemporality, isMonotonic: data.isMonotonic, dataPoints } };
}

function toPoint({ attributes, startTime, endTime }: DataPoint<unknown>) {
  return {
    attributes: keyValues(attributes),
    startTimeUnixNano: toNanoseconds(startTime),
    timeUnixNano: toNanoseconds(endTime),
  };
}

/** As text: nanoseconds do not fit a JavaScript number. */
function toNanoseconds([seconds, nanoseconds]: HrTime): string {
  return (BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds))).toString();
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** Whatever is no value of an attribute becomes its text. */
function anyValue(value: unknown): object {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  if (!Array.isArray(value)) return { stringValue: String(value) };
  return { arrayValue: { values: value.filter((entry) => entry != null).map(anyValue) } };
}
