import { MAX_VECTOR_LENGTH } from "@tidemark/semconv";
import { z } from "zod";
import { MAX_SLICES } from "./multivariate-profile.ts";
import { varianceInflationSchema } from "./variance-inflation.ts";

const count = z.number().int().nonnegative();
/** Little-endian 32-bit floats as base64. */
const packed = z.base64();

/** Reference counts of one number a row, on frozen boundaries. */
const countedSchema = {
  boundaries: z.array(z.number()),
  /** boundaries.length + 1; a value on a boundary belongs to the bin below. */
  counts: z.array(count),
  varianceInflation: varianceInflationSchema,
};

const shiftSchema = z.strictObject({
  /** Root mean square, in spreads; 0 where periods do not differ beyond chance. */
  usual: z.number().nonnegative(),
  /** Upper 80 % limit of its square. */
  between: z.number().nonnegative(),
});

/**
 * A feature whose values are vectors of one length, such as embeddings (docs/embeddings.md). Each vector stands for its direction (divided
 * by its length), and its length for itself: vectors that are compared by their cosine mean the same at any length.
 */
export const embeddingSchema = z.strictObject({
  format: z.literal("tidemark.embedding/1"),
  /** Of the feature. */
  name: z.string().min(1),
  /** Elements of every vector. */
  dimension: z.number().int().min(2).max(MAX_VECTOR_LENGTH),
  /** Reference rows that were looked at, evenly over time, by what they held; vectors of zeros have no direction. */
  states: z.strictObject({ valid: count, missing: count, zero: count }),
  /** How rows without a vector follow each other. */
  missing: z.strictObject({ varianceInflation: varianceInflationSchema }),
  /** Mean direction of the rows that components are fitted on, and their number; the other rows are counted. */
  centroid: packed,
  fittedRows: count,
  /** Mean direction of the counted rows: what a shift found with the other is proved against. */
  countedCentroid: packed,
  /** Root of the mean squared distance of the directions from the centroid: in (0, 1]. */
  spread: z.number().positive(),
  /** Dimensions that an even cloud of the same spread would have: tr(S)^2 / tr(S^2) of the covariance S. */
  effectiveDimensions: z.number().min(1),
  /** Principal components: unit vectors, one after another, by falling variance. */
  components: packed,
  explainedShare: z.number().gt(0).max(1),
  /** Of the random directions, which are drawn again from it: signs, less their part along the components. */
  seed: count,
  /** Along the centroid, along the components, then along random directions. */
  slices: z.array(z.strictObject(countedSchema)).min(1).max(MAX_SLICES),
  /** Length of the vectors. */
  norm: z.strictObject({ ...countedSchema, mean: z.number().positive(), standardDeviation: z.number().nonnegative() }),
  /** Distance of the directions from their reconstruction by the components. */
  errors: z.strictObject(countedSchema),
  /** How far the means of whole periods are from the mean of all beyond what their rows explain; null with fewer than two periods. */
  periods: z.strictObject({ hour: shiftSchema.nullable(), day: shiftSchema.nullable(), week: shiftSchema.nullable() }),
});

export type EmbeddingProfile = z.infer<typeof embeddingSchema>;
