import { z } from "zod";
import { firstCauseSchema } from "./measurement.ts";
import { DEPLOYMENT_ROLES } from "./records.ts";

const movementSchema = z.strictObject({
  value: z.number(),
  /** Largest absolute value among the windows before. */
  natural: z.number(),
  /** What it takes to be named. */
  line: z.number(),
});

const lossSchema = z.strictObject({
  name: z.string(),
  /** Mean loss of the window and of the windows before, over the rows that were looked at. */
  window: z.number(),
  before: z.number(),
  /** The change: covariate + concept + what cannot be compared. Each with its standard error where there is one. */
  covariate: z.number(),
  covariateError: z.number().nullable(),
  concept: z.number(),
  conceptError: z.number().nullable(),
  notComparable: z.number(),
  /** The shift that rows of every kind share; a concept shift where it is beyond its line: null where no kind of row is on both sides. */
  common: z.strictObject({ ...movementSchema.shape, line: z.number().nullable() }),
  /** Additive parts by feature, largest first; `level` is what no feature accounts for. */
  level: z.number(),
  features: z.array(z.strictObject({ feature: z.string(), covariate: z.number(), concept: z.number() })),
  /** Kinds of rows that do worse than before. */
  segments: z.array(
    z.strictObject({
      name: z.string(),
      rows: z.number(),
      loss: z.number(),
      lossBefore: z.number(),
      gapError: z.number(),
    }),
  ),
});

/** Why a window differs from the windows before it: made when it turns critical, from its records. */
export const explanationSchema = z.strictObject({
  tenant: z.string(),
  model: z.string(),
  version: z.string(),
  role: z.enum(DEPLOYMENT_ROLES),
  window: z.strictObject({ name: z.string(), start: z.iso.datetime(), end: z.iso.datetime() }),
  /** Ranked, the first cause first; empty where nothing is beyond what is usual. */
  causes: z.array(firstCauseSchema),
  /** Rows looked at, of this window and of the windows before. */
  rows: z.number(),
  rowsBefore: z.number(),
  windowsBefore: z.number(),
  /** Null where too few outcomes are known. */
  loss: lossSchema.nullable(),
  /** Distance of every feature from the windows before, in total variation, largest excess first. */
  features: z.array(z.strictObject({ feature: z.string(), ...movementSchema.shape })),
  /** What happened at the same time: deployments, changed configuration. */
  coincident: z.array(z.string()),
  /** Ids of predictions that show it, with their traces. */
  examples: z.array(z.strictObject({ id: z.string(), traceId: z.string() })),
});

export type Explanation = z.infer<typeof explanationSchema>;
