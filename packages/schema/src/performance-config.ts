import { z } from "zod";
import { levelsSchema } from "./levels.ts";

const toleranceSchema = z
  .strictObject({
    warning: z.number().positive().default(0.1).describe("Growth that warns: 0.1 is a tenth more."),
    critical: z.number().positive().default(0.25).describe("Growth that is critical."),
  })
  .refine(({ warning, critical }) => warning <= critical, "expected warning to be at most critical");

/** How scores from outcomes, and what is estimated before them, are judged. */
export const performanceSchema = z.strictObject({
  minimumCoverage: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe("A verdict waits until this share of the outcomes expected for the window is known."),
  expectedCoverage: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("Share of the predictions that ever get an outcome; 0.3 where only three in ten are followed up."),
  estimates: z
    .array(z.enum(["blend", "cbpe"]))
    .default(["blend"])
    .describe(
      "How performance is estimated before outcomes come: `blend`, which carries verdicts, and NannyML's `cbpe`, which only describes; none with [].",
    ),
  tolerance: toleranceSchema
    .prefault({})
    .describe("How far the error of accuracy, roc_auc, log_loss, mae and rmse may grow over the reference's."),
  harmTolerance: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe(
      "How far the mean loss may provably exceed the reference's before a harmful shift is critical; a share of the reference's mean error where quantities are predicted.",
    ),
  value: z
    .record(z.string(), z.record(z.string(), z.number()))
    .optional()
    .describe(
      "Worth of a prediction by predicted class, then by true class, in your currency; gives the business value.",
    ),
  levels: z
    .record(z.string(), levelsSchema)
    .default({})
    .describe(
      "Fixed lines by score instead of the tolerance; precision, recall, f1_score and brier_score are judged only by these.",
    ),
});
