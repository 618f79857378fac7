import { z } from "zod";
import { varianceInflationSchema } from "./variance-inflation.ts";

/** Features that a reference's joint distribution is kept of. */
export const MAX_JOINT_FEATURES = 64;
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

/**
 * The joint distribution of a reference's features (docs/multivariate-drift.md). Every value stands for its normal score among the
 * reference's values of the same season slot, so seasons and heavy tails are out of it.
 */
export const multivariateSchema = z.strictObject({
  format: z.literal("tidemark.multivariate/1"),
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
    /** Rows further away are outliers: Q3 + 3 IQR. */
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
});

export type MultivariateProfile = z.infer<typeof multivariateSchema>;
