import { z } from "zod";

/** Variance inflation of the location and of the scale probe (DETECTION 5); 1 for independent rows. */
const variancePair = z.tuple([z.number().min(1), z.number().min(1)]);

/** Variance between whole periods, of the location and of the scale probe, in squared standard deviations of them. */
const betweenPair = z.tuple([z.number().nonnegative(), z.number().nonnegative()]);

/** How the rows of a reference depend on each other, as one field of it shows. */
export const varianceInflationSchema = z.strictObject({
  /** Against the whole reference. */
  rows: variancePair,
  /** Against the row's own season slot; null without a season. */
  slots: variancePair.nullable(),
  /** Rows that count as one independent row where the reference's own size is meant; 1 where it is left out. */
  rowsPerIndependent: z.strictObject({ rows: z.number().min(1), slots: z.number().min(1).nullable() }).optional(),
  /** What hours, days and weeks differ by beyond their rows, against their own season slots; with a season. */
  periods: z
    .strictObject({
      /** Inflation by rows that follow each other within an hour. */
      withinHour: variancePair,
      hour: betweenPair,
      day: betweenPair,
      week: betweenPair,
    })
    .optional(),
});
