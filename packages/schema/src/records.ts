import { z } from "zod";

export const DEPLOYMENT_ROLES = ["champion", "challenger", "shadow", "canary", "member"] as const;
export const OUTCOME_KINDS = ["class", "value", "click", "conversion", "rank"] as const;

/** A feature's value as it travels in `ml.inference.inputs`; null for missing. */
const inputValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** One prediction, as decoded from an `ml.inference.details` event (or a span). */
export const predictionRecordSchema = z.strictObject({
  tenant: z.string().min(1),
  model: z.string().min(1).max(256),
  version: z.string().max(256),
  role: z.enum(DEPLOYMENT_ROLES),
  id: z.string().min(1).max(256),
  /** Event time, Unix nanoseconds. */
  timeUnixNano: z.bigint(),
  label: z.string().nullable(),
  /** In [0, 1] where it is a probability. */
  score: z.number().nullable(),
  value: z.number().nullable(),
  /** Inclusion probability in (0, 1]. */
  samplingProbability: z.number().gt(0).max(1),
  traceId: z.string(),
  segments: z.record(z.string(), z.string()),
  inputs: z.record(z.string(), inputValueSchema),
  /** Inputs that are vectors of numbers (embeddings), by name; absent where there are none. Single precision, as they are stored. */
  vectors: z
    .record(
      z.string(),
      z.custom<Float32Array>((value) => value instanceof Float32Array),
    )
    .optional(),
  /** What each feature added to the prediction, by name; absent where the service does not say. */
  attributions: z.record(z.string(), z.number()).optional(),
  /** Probability of each class, by class, as told: checked where they are used. Absent where the service does not say. */
  probabilities: z.record(z.string(), z.number()).optional(),
  /** What each member of an ensemble answered, by name: a score or quantity, a class, or null for no usable answer. */
  memberAnswers: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).optional(),
});

/** One outcome (ground truth), as decoded from an `ml.outcome.reported` event. Its time is when it happened. */
export const outcomeRecordSchema = z.strictObject({
  tenant: z.string().min(1),
  model: z.string().min(1).max(256),
  id: z.string().min(1).max(256),
  timeUnixNano: z.bigint(),
  kind: z.enum(OUTCOME_KINDS),
  label: z.string().nullable(),
  value: z.number().nullable(),
  position: z.number().int().positive().nullable(),
});

export type PredictionRecord = z.infer<typeof predictionRecordSchema>;
export type OutcomeRecord = z.infer<typeof outcomeRecordSchema>;
export type InputValue = z.infer<typeof inputValueSchema>;
export type DeploymentRole = (typeof DEPLOYMENT_ROLES)[number];
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/**
 * One OTLP data point of a metric from the monitored service. A plain type, not a schema: points are checked
 * by the decoder, field by field, on the hot path.
 */
export interface MetricPoint {
  readonly tenant: string;
  /** Empty for metrics of the process itself (`process.*`), which belong to a service. */
  readonly model: string;
  readonly version: string;
  readonly role: string;
  /** `service.name` and `service.instance.id` of the resource; empty where absent. */
  readonly service: string;
  readonly instance: string;
  readonly metric: string;
  /** `ml.feature.name`, or empty. */
  readonly feature: string;
  /** What else tells the points of one metric apart: category, value state, predicted label or error type; or empty. */
  readonly key: string;
  /** `name=value` of a declared segment, or empty. */
  readonly segment: string;
  /** Identifies the series: a hash of resource, scope, metric and all attributes, 16 hex digits. */
  readonly series: string;
  readonly temporality: "delta" | "cumulative" | "gauge";
  readonly startUnixNano: bigint;
  readonly timeUnixNano: bigint;
  /** Histogram: number of values. Sum and gauge: 0. */
  readonly count: bigint;
  /** Histogram: sum of values. Sum and gauge: the value. */
  readonly sum: number;
  /** Explicit boundaries; empty for other points. */
  readonly boundaries: readonly number[];
  /** Bucket counts, boundaries.length + 1; empty for other points. */
  readonly bucketCounts: readonly bigint[];
}
