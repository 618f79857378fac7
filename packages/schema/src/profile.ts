import { MAX_VECTORS, VALUE_STATES } from "@tidemark/semconv";
import { z } from "zod";
import { embeddingSchema } from "./embedding-profile.ts";
import { multivariateSchema } from "./multivariate-profile.ts";
import { repeatCurveSchema } from "./repeat-curve.ts";
import { textPatternSchema } from "./text-pattern.ts";
import { timeZoneSchema } from "./time-zone.ts";
import { varianceInflationSchema } from "./variance-inflation.ts";
import { varietyCurveSchema } from "./variety-curve.ts";

const count = z.number().int().nonnegative();
const counts = z.array(count);
const fieldBase = {
  target: z.enum(["feature", "prediction", "outcome"]),
  /** Feature name; for predictions and outcomes `score`, `label` or `value`. */
  name: z.string().min(1),
  /** Reference values by value state; their sum is the number of reference rows. */
  states: z.strictObject(
    Object.fromEntries(VALUE_STATES.map((state) => [state, count])) as Record<
      (typeof VALUE_STATES)[number],
      typeof count
    >,
  ),
  varianceInflation: varianceInflationSchema,
  /** The missing indicator as a field of its own. */
  missing: z.strictObject({
    varianceInflation: varianceInflationSchema,
    /** Missing values by season slot; null without a season. */
    slots: counts.nullable(),
  }),
  /** Of features with at least 1,024 values. */
  variety: varietyCurveSchema.optional(),
};

const numericFieldSchema = z.strictObject({
  ...fieldBase,
  kind: z.literal("numeric"),
  /** Ascending, distinct; a value on a boundary belongs to the bin below it (OTLP's rule). */
  boundaries: z.array(z.number()).min(1).max(160),
  /** Reference counts of the boundaries.length + 1 bins. */
  counts,
  /** Indexes into `boundaries`: the edges of the detector's bins (about 20), each a union of the fine bins. */
  detectorEdges: z.array(count),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  standardDeviation: z.number().nonnegative(),
  /** Values outside are counted as out_of_range. */
  range: z.strictObject({ min: z.number().nullable(), max: z.number().nullable() }),
  /** [slot][bin] reference counts; null without a season. */
  slots: z.array(counts).nullable(),
});

const categoricalFieldSchema = z.strictObject({
  ...fieldBase,
  kind: z.literal("categorical"),
  /** At most 50, by falling count, ties by name. Their bins are followed by one for everything else. */
  categories: z.array(z.string()).max(50),
  /** Reference counts: categories.length + 1, the last for the rest. */
  counts,
  /** The form that every reference value has, and its name; absent where they share none. */
  pattern: z.strictObject({ format: z.string(), expression: textPatternSchema }).optional(),
  /** Known categories that are counted in the rest, at most 2,000. A value in neither list is unseen. */
  otherCategories: z.array(z.string()).max(2_000),
  /** [slot][bin] reference counts; null without a season. */
  slots: z.array(counts).nullable(),
});

const profileFieldSchema = z.discriminatedUnion("kind", [numericFieldSchema, categoricalFieldSchema]);

/** Bytes or little-endian doubles, one a row, as base64. */
const packed = z.base64();
const metricValues = z.record(z.string(), z.number().nullable());

/** What performance is estimated from before outcomes come (docs/estimated-performance.md). */
const classEstimationSchema = z.strictObject({
  /** What a score is the probability of: the positive label, or that the predicted label is right. */
  question: z.enum(["positive", "right"]),
  /** All reference rows by score bin and predicted label: edges of the bins, and by cell the mean score, rows and rows that came true. */
  cells: z.strictObject({
    edges: z.array(z.number()),
    priors: z.array(z.number()),
    weight: z.array(count),
    positive: z.array(count),
    /** Metrics on all rows, and what the cells miss of them; null where one is not defined. */
    truth: metricValues,
    offsets: metricValues,
  }),
  /** Rows of the reference, evenly over time and in its order. */
  sample: z.strictObject({
    rows: count,
    scores: packed,
    predicted: packed,
    outcomes: packed,
    /** Code of the value by feature, one byte a row. */
    codes: z.record(z.string(), packed),
  }),
  /** Which class was predicted and came true; of models of two to twenty classes without a positive one. */
  classes: z
    .strictObject({
      names: z.array(z.string()).min(2).max(20),
      /** By predicted class, the inner edges of its score bins. */
      edges: z.array(z.array(z.number())),
      /** All reference rows by predicted class, ten score bins of it and true class. */
      counts: z.array(count),
      /** Index of the predicted and of the true class of the sample's rows, as bytes. */
      predicted: packed,
      outcomes: packed,
    })
    .optional(),
});

/** Boosted trees, complete ones of one depth, that expect a part of a row's error. */
const errorModelSchema = z.strictObject({
  base: z.number(),
  /** Added to what the trees say. */
  offset: z.number(),
  depth: z.number().int().min(1).max(8),
  /** Tree after tree: the feature of each inner node as 16-bit integers (-1: none), its threshold as bytes, its leaves as doubles. */
  features: packed,
  thresholds: packed,
  leaves: packed,
  /** Feature after feature, the rank of each code that thresholds speak of, as bytes. */
  ranks: packed,
});

/** The same by part of the error: |e|, e^2 and e. */
const byErrorTarget = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ absolute: schema, squared: schema, signed: schema });

/** What the errors of a model that predicts quantities are estimated from before outcomes come. */
const errorEstimationSchema = z.strictObject({
  question: z.literal("error"),
  /** Rows that the models were fitted on, evenly over time. */
  rows: count,
  /** Features of the models, in their order; the prediction follows as one more. */
  features: z.array(z.string()),
  /** Inner edges of the prediction's bins; a value on an edge belongs above. */
  edges: z.array(z.number()),
  models: byErrorTarget(errorModelSchema),
  /** Stretches of the reference estimated from the others: metrics, what was estimated, and its variance. */
  blocks: z.array(z.strictObject({ truth: metricValues, estimate: metricValues, variances: metricValues })),
  /** Rows of the reference, evenly over time and in its order. */
  sample: z.strictObject({
    rows: count,
    predictions: packed,
    /** Prediction less outcome, as 32-bit floats, and by target what models of other rows left of it. */
    errors: packed,
    residuals: byErrorTarget(packed),
    /** Code of the value by feature, one byte a row. */
    codes: z.record(z.string(), packed),
  }),
});

const lossMoments = {
  rows: count,
  mean: z.number().nonnegative(),
  meanSquare: z.number().nonnegative(),
  /** Rows that count as one independent row, from the reference's days; null where that is not known. */
  rowsPerIndependent: z.number().min(1).nullable(),
};

/** The loss of the model on the reference, which a harmful shift is proved against. */
const riskSchema = z.strictObject({
  loss: z.enum(["brier", "zero_one", "absolute_error"]),
  /** Losses lie within [0, cap]. */
  cap: z.number().positive(),
  ...lossMoments,
  /** The same by value of each column that may be declared a segment; its twenty most frequent values of at least 100 rows. */
  segments: z.array(z.strictObject({ name: z.string(), value: z.string(), ...lossMoments })).optional(),
});

export const MODEL_TYPES = ["classification", "regression", "ranking", "forecast", "anomaly", "embedding"] as const;

/** The summary of a reference data set that everything later is compared with. Its `id` is its content hash. */
export const profileSchema = z.strictObject({
  format: z.literal("tidemark.profile/1"),
  id: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  model: z.strictObject({ name: z.string().min(1), version: z.string().min(1), type: z.enum(MODEL_TYPES) }),
  source: z.strictObject({
    rows: count,
    /** First and last event time, ISO 8601 UTC; null where the data has no time column. */
    start: z.string().nullable(),
    end: z.string().nullable(),
  }),
  /** Zone whose wall clock the hours of the week are of, by its IANA name. Absent: UTC. */
  timeZone: timeZoneSchema.optional(),
  /** Slot of each hour of the week (index 0: Monday 00:00); hours with few rows share a slot. Null: no season. */
  season: z.strictObject({ slotOfHour: z.array(count).length(168), slotCount: z.number().int().positive() }).nullable(),
  /** The class that `score` is the probability of; null for other tasks. */
  positiveLabel: z.string().nullable(),
  fields: z.array(profileFieldSchema),
  /** Scores of the model on the reference, by metric name (`ml.performance.accuracy`); empty without labels. */
  performance: z.record(z.string(), z.number()),
  /** How much each feature matters to the model, by name, in any one unit; what recorded attributions are compared with. */
  importances: z.record(z.string(), z.number().nonnegative()).optional(),
  /** Absent where the reference has no outcomes, for classes with scores in [0, 1], or too few. */
  estimation: z.discriminatedUnion("question", [classEstimationSchema, errorEstimationSchema]).optional(),
  /** Absent where the reference has no outcomes, or the task no loss. */
  risk: riskSchema.optional(),
  /** Absent with fewer than two features that vary, or too few rows. */
  multivariate: multivariateSchema.optional(),
  /** Rows whose features are all the same as an earlier row's; absent with fewer than 200 rows. */
  duplicates: repeatCurveSchema.optional(),
  /** Features whose values are vectors; absent without any. */
  embeddings: z.array(embeddingSchema).max(MAX_VECTORS).optional(),
});

export type Profile = z.infer<typeof profileSchema>;
export type ProfileField = z.infer<typeof profileFieldSchema>;
export type NumericField = z.infer<typeof numericFieldSchema>;
export type CategoricalField = z.infer<typeof categoricalFieldSchema>;
export type ClassEstimation = z.infer<typeof classEstimationSchema>;
export type ErrorEstimation = z.infer<typeof errorEstimationSchema>;
export type ReferenceRisk = z.infer<typeof riskSchema>;
export type SegmentRisk = NonNullable<ReferenceRisk["segments"]>[number];
export type ModelType = (typeof MODEL_TYPES)[number];
