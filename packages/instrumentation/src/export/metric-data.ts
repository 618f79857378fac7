import type { Attributes, HrTime, ValueType } from "@opentelemetry/api";

/*
 * The shapes that `MetricProducer.collect()` of @opentelemetry/sdk-metrics returns, as far as both its 2.x and its 3.x
 * line share them. Declared here because the only peer is the API.
 */

export const HISTOGRAM_POINTS = 0;
export const EXPONENTIAL_HISTOGRAM_POINTS = 1;
export const SUM_POINTS = 3;
export const DELTA = 0;
export const CUMULATIVE = 1;

export type Temporality = typeof DELTA | typeof CUMULATIVE;

export interface HistogramValue {
  buckets: { boundaries: number[]; counts: number[] };
  count: number;
  sum?: number;
}

export interface ExponentialHistogramValue {
  count: number;
  sum?: number;
  scale: number;
  zeroCount: number;
  positive: { offset: number; bucketCounts: number[] };
  negative: { offset: number; bucketCounts: number[] };
}

export interface DataPoint<T> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Attributes;
  readonly value: T;
}

interface MetricDataBase {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    readonly valueType: ValueType;
  };
  readonly aggregationTemporality: Temporality;
}

interface SumData extends MetricDataBase {
  readonly dataPointType: typeof SUM_POINTS;
  readonly isMonotonic: boolean;
  readonly dataPoints: DataPoint<number>[];
}

interface HistogramData extends MetricDataBase {
  readonly dataPointType: typeof HISTOGRAM_POINTS;
  readonly dataPoints: DataPoint<HistogramValue>[];
}

interface ExponentialHistogramData extends MetricDataBase {
  readonly dataPointType: typeof EXPONENTIAL_HISTOGRAM_POINTS;
  readonly dataPoints: DataPoint<ExponentialHistogramValue>[];
}

export type MetricData = SumData | HistogramData | ExponentialHistogramData;

/** Stands in for the SDK's resource; the reader takes the host's own. */
interface EmptyResource {
  readonly attributes: Record<string, never>;
  // biome-ignore lint/suspicious/noExplicitAny: it must be assignable to the Resource of whatever SDK line is installed
  merge(other: any): any;
  getRawAttributes(): [];
}

export interface CollectionResult {
  resourceMetrics: {
    resource: EmptyResource;
    scopeMetrics: { scope: { name: string; version?: string; schemaUrl?: string }; metrics: MetricData[] }[];
  };
  errors: unknown[];
}

/** What a metric reader's `metricProducers` option takes. */
export interface MetricProducer {
  collect(options?: { timeoutMillis?: number }): Promise<CollectionResult>;
}

/** The resource of a producer's result; the reader replaces it by the host's. */
export function emptyResource(): EmptyResource {
  const resource: EmptyResource = {
    attributes: {},
    merge: (other) => other ?? resource,
    getRawAttributes: () => [],
  };
  return resource;
}
