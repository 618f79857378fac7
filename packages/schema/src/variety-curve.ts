import { z } from "zod";

/**
 * How various a feature's values are, by the length of a stretch: the reference's values in their order of time cut into blocks of 64, 128, ...
 * 8,192 values, up to 256 of one length, each counted by itself. Ascending.
 */
export const varietyCurveSchema = z
  .array(
    z.strictObject({
      /** Values of a block. */
      rows: z.number().int().positive(),
      blocks: z.number().int().positive(),
      /** Natural logarithm of the number of distinct values, over blocks. */
      distinct: z.strictObject({
        mean: z.number().nonnegative(),
        deviation: z.number().nonnegative(),
        smallest: z.number().nonnegative(),
        largest: z.number().nonnegative(),
      }),
      /** What one value's share of a block has more than its share of the whole reference: of the value that has most, over blocks. */
      growth: z.strictObject({
        mean: z.number().min(0).max(1),
        deviation: z.number().nonnegative(),
        largest: z.number().min(0).max(1),
      }),
    }),
  )
  .min(1)
  .max(8);

export type VarietyCurve = z.infer<typeof varietyCurveSchema>;
