import { z } from "zod";

const share = z.number().min(0).max(1);

/**
 * How many rows repeat an earlier one of the same stretch, by the stretch's length: the reference cut in its order of time into blocks of 64,
 * 128, ... rows, each counted by itself. Ascending.
 */
export const repeatCurveSchema = z
  .array(
    z.strictObject({
      /** Rows of a block. */
      rows: z.number().int().positive(),
      blocks: z.number().int().positive(),
      /** Share of a block's rows that repeat an earlier row of it: over blocks the mean, standard deviation (0 for one block) and largest. */
      mean: share,
      deviation: z.number().nonnegative(),
      largest: share,
    }),
  )
  .min(1)
  .max(40);

export type RepeatCurve = z.infer<typeof repeatCurveSchema>;
