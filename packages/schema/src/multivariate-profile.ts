import { z } from "zod";
import { varianceInflationSchema } from "./variance-inflation.ts";

/** Features that a reference's joint distribution is kept of. */
export const MAX_JOINT_FEATURES = 64;
/** Strongest correlations that are watched. */
export const MAX_PAIRS = 20;
/** Directions that rows are counted along. */
export const MAX_SLICES = 40;

const counts = z.array(z.number().int().nonnegative());
const numbers = z.array(z.number());

/** Reference counts along one direction, on frozen quantile boundaries. */
const countedSchema = {
  boundaries: numbers,
  /** boundaries.length + 1; a value on a boundary belongs to the bin below. */
  counts,
  varianceInflation: varianceInflationSchema,
};

/** Mean of a pair's correlation over whole periods, on Fisher's scale, and its variance beyond what their rows explain. */
const periodSchema = z.strictObject({ fisher: z.number(), between: z.number().nonnegative() });

/** Two numeric features that move together in the reference, by indexes into `features`. */
const pairSchema = z.strictObject({
  first: z.number().int().nonnegative(),
  second: z.number().int().nonnegative(),
  /** Over all rows. */
  fisher: z.number(),
  rows: z.number().int().positive(),
  /** Variance of Fisher's z, times rows: 1 for normal values. */
  rowVariance: z.number().positive(),
  /** By length; null without times, or where the reference has fewer than two such periods. */
  periods: z.strictObject({
    hour: periodSchema.nullable(),
    day: periodSchema.nullable(),
    week: periodSchema.nullable(),
  }),
});

/**
 * The joint distribution of a reference's features (docs/multivariate-drift.md). Every value stands for its normal score among the
 * reference's values of the same season slot, so seasons and heavy tails are out of it.
 */
export const multivariateSchema = z.strictObject({
  format: z.literal("tidemark.multivariate/2"),
  /** Names, in the order of all that follows. */
  features: z.array(z.string()).min(2).max(MAX_JOINT_FEATURES),
  /** Of the normal scores. */
  scale: z.strictObject({ means: numbers, deviations: numbers }),
  /** Principal components: unit vectors over the standardized scores, by falling variance. */
  components: z.array(numbers).min(1).max(MAX_JOINT_FEATURES),
  explainedShare: z.number().gt(0).max(1),
  /** Distance of rows from their reconstruction by the components. */
  errors: z.strictObject({
    ...countedSchema,
    mean: z.number().nonnegative(),
    standardDeviation: z.number().nonnegative(),
    /** Rows further away are outliers: Q3 + 1.5 IQR. */
    fence: z.number(),
    /** Reference rows beyond it. */
    beyond: z.number().int().nonnegative(),
  }),
  /** Unit vectors: contrasts of the features that move together most, then seeded random ones. */
  slices: z
    .array(z.strictObject({ direction: numbers, ...countedSchema }))
    .min(1)
    .max(MAX_SLICES),
  /** Of the scores, each feature with those before it: (1,0), (2,0), (2,1), ... */
  correlations: z.array(z.number().min(-1).max(1)),
  /** Those of at least 0.5, the strongest first. */
  pairs: z.array(pairSchema).max(MAX_PAIRS),
});

export type MultivariateProfile = z.infer<typeof multivariateSchema>;
