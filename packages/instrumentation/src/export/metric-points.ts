import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import { metrics } from "@tidemark/semconv";
import {
  CUMULATIVE,
  type DataPoint,
  EXPONENTIAL_HISTOGRAM_POINTS,
  type ExponentialHistogramValue,
  HISTOGRAM_POINTS,
  type HistogramValue,
  type MetricData,
  SUM_POINTS,
  type Temporality,
} from "./metric-data.ts";

/** Metrics of the monitored service, by their key in semconv. */
export type ServiceMetric = keyof {
  [K in keyof typeof metrics as (typeof metrics)[K]["emitter"] extends "service" ? K : never]: true;
};

/** The interval that a point speaks of. */
export interface Stamp {
  readonly start: HrTime;
  readonly end: HrTime;
}

/** Fractional sums; all others count things or bytes. */
const DOUBLE_METRICS: ReadonlySet<ServiceMetric> = new Set<ServiceMetric>(["processCpuTime"]);

/** Data points under construction, one list a metric. */
export class MetricPoints {
  readonly #temporality: Temporality;
  readonly #sums = new Map<ServiceMetric, DataPoint<number>[]>();
  readonly #histograms = new Map<ServiceMetric, DataPoint<HistogramValue>[]>();
  readonly #exponential = new Map<ServiceMetric, DataPoint<ExponentialHistogramValue>[]>();

  constructor(temporality: Temporality) {
    this.#temporality = temporality;
  }

  addSum(key: ServiceMetric, stamp: Stamp, attributes: Attributes, value: number): void {
    listOf(this.#sums, key).push({ startTime: stamp.start, endTime: stamp.end, attributes, value });
  }

  addHistogram(key: ServiceMetric, stamp: Stamp, attributes: Attributes, value: HistogramValue): void {
    listOf(this.#histograms, key).push({ startTime: stamp.start, endTime: stamp.end, attributes, value });
  }

  addExponentialHistogram(
    key: ServiceMetric,
    stamp: Stamp,
    attributes: Attributes,
    value: ExponentialHistogramValue,
  ): void {
    listOf(this.#exponential, key).push({ startTime: stamp.start, endTime: stamp.end, attributes, value });
  }

  /** Moves the points of `later` behind those gathered so far. */
  append(later: MetricPoints): void {
    for (const [key, points] of later.#sums) listOf(this.#sums, key).push(...points);
    for (const [key, points] of later.#histograms) listOf(this.#histograms, key).push(...points);
    for (const [key, points] of later.#exponential) listOf(this.#exponential, key).push(...points);
  }

  toMetricData(): MetricData[] {
    const result: MetricData[] = [];
    for (const [key, dataPoints] of this.#sums) {
      const isMonotonic = metrics[key].instrument === "counter";
      result.push({
        descriptor: descriptorOf(key),
        aggregationTemporality: isMonotonic ? this.#temporality : CUMULATIVE,
        dataPointType: SUM_POINTS,
        isMonotonic,
        dataPoints,
      });
    }
    for (const [key, dataPoints] of this.#histograms) {
      result.push({
        descriptor: descriptorOf(key),
        aggregationTemporality: this.#temporality,
        dataPointType: HISTOGRAM_POINTS,
        dataPoints,
      });
    }
    for (const [key, dataPoints] of this.#exponential) {
      result.push({
        descriptor: descriptorOf(key),
        aggregationTemporality: this.#temporality,
        dataPointType: EXPONENTIAL_HISTOGRAM_POINTS,
        dataPoints,
      });
    }
    return result;
  }
}

function descriptorOf(key: ServiceMetric): MetricData["descriptor"] {
  const { name, unit, meaning } = metrics[key];
  const isDouble = DOUBLE_METRICS.has(key) || metrics[key].instrument === "histogram";
  return { name, unit, description: meaning, valueType: isDouble ? ValueType.DOUBLE : ValueType.INT };
}

function listOf<T>(lists: Map<ServiceMetric, T[]>, key: ServiceMetric): T[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
