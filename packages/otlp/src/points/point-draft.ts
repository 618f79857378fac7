import { type AttributeSet, createAttributeSet } from "../attribute-value.ts";

/** How a metric's data travels in OTLP. */
export type PointKind = "gauge" | "sum" | "histogram" | "exponential_histogram" | "summary";

/** What the points of one ScopeMetrics share. */
export interface PointOrigin {
  readonly resource: AttributeSet;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly scope: AttributeSet;
}

/** One metric, without its points. */
export interface MetricDraft {
  readonly origin: PointOrigin;
  readonly name: string;
  readonly kind: PointKind;
  /** AggregationTemporality: 0 unspecified, 1 delta, 2 cumulative; 0 for gauges. */
  readonly temporality: number;
}

/** Counts of consecutive exponential buckets: `counts[i]` belongs to the bucket `offset + i`. */
export interface BucketDraft {
  offset: number;
  counts: bigint[];
}

/** What an exponential histogram point has beside count and sum. */
export interface ExponentialDraft {
  scale: number;
  zeroCount: bigint;
  zeroThreshold: number;
  positive: BucketDraft;
  negative: BucketDraft;
}

/** A data point as read from either encoding, before any check. */
export class PointDraft {
  attributes: AttributeSet = createAttributeSet();
  startUnixNano = 0n;
  timeUnixNano = 0n;
  /** DataPointFlags; bit 0: no recorded value. */
  flags = 0;
  /** Sum and gauge. */
  value: number | bigint = 0;
  /** Histogram. */
  count = 0n;
  /** Histogram; null where the sender gives none. */
  sum: number | null = null;
  boundaries: number[] = [];
  bucketCounts: bigint[] = [];
  /** Exponential histogram. */
  exponential: ExponentialDraft | null = null;
}

export function createExponentialDraft(): ExponentialDraft {
  return {
    scale: 0,
    zeroCount: 0n,
    zeroThreshold: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
  };
}

/** Receives what the readers of either encoding find. */
export interface PointSink {
  /** Whether the points of this metric are wanted; where not, `onIgnored` is told how many there are. */
  isWanted(metricName: string): boolean;
  onIgnored(points: number): void;
  onPoint(metric: MetricDraft, point: PointDraft): void;
}
