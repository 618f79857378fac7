import { metrics, nearestName, QUALITY_RULES } from "@tidemark/semconv";
import { z } from "zod";
import { DEFAULT_TENANT, tenantName } from "./credentials.ts";
import { durationSchema } from "./duration.ts";
import { levelsSchema } from "./levels.ts";
import { performanceSchema } from "./performance-config.ts";
import { scheduleSchema } from "./schedule.ts";
import { textPatternSchema } from "./text-pattern.ts";

const windowName = z.string().regex(/^[1-9]\d*(s|m|h|d)$/, "expected a window such as 15s, 5m, 1h, 24h or 7d");

const driftSchema = z.strictObject({
  threshold: z
    .strictObject({
      metric: z
        .enum(["psi", "js", "location"])
        .describe("Effect that the threshold is about; `js` in nats, `location` in sd."),
      value: z.number().nonnegative(),
    })
    .optional()
    .describe("A practical threshold: a level also needs the effect's lower confidence bound at or above it."),
  ignore: z.array(z.string()).default([]).describe("Features that are not judged."),
  references: z
    .array(z.enum(["training", "previous", "rolling", "same_hour"]))
    .refine((references) => references.includes("training"), "expected training among them: it is always judged")
    .optional()
    .describe(
      "What a window is held against: the training profile, the window before, the last windows together, the same hours of the four weeks before. Training alone unless given.",
    ),
  rollingWindows: z
    .number()
    .int()
    .min(2)
    .max(60)
    .optional()
    .describe("Windows of the reference `rolling`; 7 unless given."),
  multivariateRows: z
    .number()
    .int()
    .min(0)
    .max(20_000)
    .optional()
    .describe(
      "Records of a window, chosen by a hash of their ids, whose features are judged together; 2000 unless given, 0 for none.",
    ),
});

const share = z.number().min(0).max(1);

const qualitySchema = z.strictObject({
  pattern: z
    .record(z.string(), textPatternSchema)
    .optional()
    .describe(
      "Form of a categorical feature's whole values, as a regular expression in RE2's syntax: `{ airport: '[A-Z]{3}' }`; instead of the one that the profile inferred.",
    ),
  allowed: z
    .record(z.string(), z.partialRecord(z.enum(QUALITY_RULES), share))
    .default({})
    .describe(
      "Share of violations, by feature and rule, that is accepted whatever the reference had: `{ airport: { missing: 0.04 } }`. 1 never warns.",
    ),
});

const serviceSchema = z.strictObject({
  latencyP95: levelsSchema.optional().describe("Seconds that 95 % of the calls must stay under."),
  errorRatio: levelsSchema.prefault({ warning: 0.01, critical: 0.05 }).describe("Share of failed predictions."),
});

const fairnessSchema = z.strictObject({
  tolerance: z
    .strictObject({
      warning: z.number().positive().optional().describe("Gap between the best and the worst segment that warns."),
      critical: z.number().positive().optional().describe("Gap that is critical."),
    })
    .prefault({})
    .describe("Lines for the gap of any score between segments; without them gaps only describe."),
});

const comparisonSchema = z.strictObject({
  margin: z
    .number()
    .nonnegative()
    .default(0)
    .describe("Mean loss differences smaller than this are none; 0: two models are never called equivalent."),
  minimumPairs: z.number().int().positive().default(500).describe("Pairs with an outcome before a verdict."),
  minimumDuration: durationSchema
    .prefault("1d")
    .describe("Time before a verdict, so that a daily cycle is whole at least once."),
  largestError: z
    .number()
    .positive()
    .optional()
    .describe(
      "Regression: absolute errors are cut to this, in the target's unit; ten times the reference's rmse unless given.",
    ),
});

const chartedMetrics: readonly string[] = Object.values(metrics)
  .filter(({ emitter, name }) => emitter === "processor" && /^ml\.(?!control\.|monitor\.)/.test(name))
  .map(({ name }) => name);

const chartSchema = z.strictObject({
  metric: z
    .string()
    .superRefine((name, context) => {
      if (chartedMetrics.includes(name)) return;
      const near = nearestName(name, chartedMetrics);
      const hint = near === null ? "such as ml.performance.accuracy" : `perhaps ${near}`;
      context.addIssue({ code: "custom", message: `expected a metric of the processor, ${hint}` });
    })
    .describe("What is charted: a metric of the processor, such as `ml.performance.accuracy`."),
  target: z.string().min(1).optional().describe("Only of this feature, score or segment; of every one unless given."),
  window: windowName.optional().describe("Only in windows of this length; in all unless given."),
  learn: z
    .number()
    .int()
    .min(8)
    .default(20)
    .describe("Windows that its limits are learned from, the first that there are; a chart begins after them."),
});

/** One model that is watched. */
export const modelConfigSchema = z.strictObject({
  name: z.string().min(1).describe("Name of the model, as in `ml.model.name`."),
  tenant: tenantName
    .default(DEFAULT_TENANT)
    .describe("Whose model it is: records are taken from this tenant's credentials."),
  profile: z.string().min(1).describe("Path of the reference profile, relative to this file."),
  records: z
    .enum(["logs", "spans"])
    .default("logs")
    .describe("Which records are the predictions: log events, or the spans of a service that sends only those."),
  windows: z
    .array(windowName)
    .min(1)
    .default(["24h", "7d"])
    .describe("Windows that are judged, in event time, aligned to Monday 00:00 UTC."),
  schedule: scheduleSchema
    .optional()
    .describe(
      'When windows are judged: `hourly`, `daily`, `weekly` or a cron pattern, in UTC, or `{ cron: "30 6 * * 1-5", timeZone: Europe/Berlin }`. As soon as they close unless given.',
    ),
  outcomeHorizon: durationSchema.prefault("40d").describe("How long after its prediction an outcome still counts."),
  drift: driftSchema.prefault({}).describe("Drift of features, predictions and outcomes."),
  quality: qualitySchema.prefault({}).describe("Missing, wrong, unseen and out-of-range values."),
  performance: performanceSchema.prefault({}).describe("Scores from outcomes."),
  segments: z
    .array(z.string().min(1))
    .max(8)
    .default([])
    .describe("Segments that are scored one by one: names of declared segments, or of inputs that records carry."),
  fairness: fairnessSchema.prefault({}).describe("Gaps of scores between segments."),
  comparison: comparisonSchema
    .prefault({})
    .describe("Challengers, canaries and shadows against the champion, on the same requests."),
  charts: z
    .array(chartSchema)
    .max(20)
    .default([])
    .describe("Control charts of measurements, with limits learned from their history; jumps and slow drifts warn."),
  service: serviceSchema.prefault({}).describe("Latency, errors and resources of the serving processes."),
});

export type ModelConfig = z.infer<typeof modelConfigSchema>;
