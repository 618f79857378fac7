import { metrics, nearestName, QUALITY_RULES } from "@tidemark/semconv";
import { z } from "zod";
import { DEFAULT_TENANT, tenantName } from "./credentials.ts";
import { durationSchema } from "./duration.ts";
import { kafkaSchema } from "./kafka-config.ts";
import { scheduleSchema } from "./schedule.ts";
import { textPatternSchema } from "./text-pattern.ts";

const bytes = z.number().int().positive();

const windowName = z.string().regex(/^[1-9]\d*(s|m|h|d)$/, "expected a window such as 15s, 5m, 1h, 24h or 7d");

const levelsSchema = z
  .strictObject({
    warning: z.number().optional().describe("Line of the warning."),
    critical: z.number().optional().describe("Line of the critical state."),
  })
  .refine(
    (levels) => levels.warning !== undefined || levels.critical !== undefined,
    "expected a warning or a critical level",
  );

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

const toleranceSchema = z
  .strictObject({
    warning: z.number().positive().default(0.1).describe("Growth that warns: 0.1 is a tenth more."),
    critical: z.number().positive().default(0.25).describe("Growth that is critical."),
  })
  .refine(({ warning, critical }) => warning <= critical, "expected warning to be at most critical");

const performanceSchema = z.strictObject({
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

const tlsSchema = z.strictObject({
  certificate: z.string().min(1).describe("PEM file of the certificate and its chain, relative to this file."),
  key: z.string().min(1).describe("PEM file of its private key."),
  clientAuthorities: z
    .string()
    .min(1)
    .optional()
    .describe("PEM file of authorities: only clients with a certificate signed by one may connect (mTLS)."),
});

const accessSchema = z.strictObject({
  credentials: z
    .string()
    .min(1)
    .optional()
    .describe("File of credentials, made by `tidemark token add`; without one the processor stays on loopback."),
});

const serverSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address to listen on; beyond loopback only with credentials."),
  access: accessSchema.prefault({}).describe("Who may do what. Files are read again when they change."),
  tls: tlsSchema.optional().describe("HTTPS. Files are read again when they change."),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4318)
    .describe("Port for OTLP/HTTP, the read API, /metrics and the report."),
  grpcPort: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe("Port for OTLP/gRPC beside HTTP, such as 4317; off unless given."),
  maxRequestBytes: bytes.default(16 * 1024 * 1024).describe("Largest request body on the wire."),
  maxDecodedBytes: bytes.default(64 * 1024 * 1024).describe("Largest request body after decompression."),
  maxQueuedBytes: bytes
    .default(256 * 1024 * 1024)
    .describe("Bytes that may wait to be stored before senders are told to slow down."),
  drainPeriod: durationSchema
    .prefault("0s")
    .describe("After SIGTERM, how long requests are still answered while /readyz says no. 5s behind a load balancer."),
});

const clockSchema = z.strictObject({
  mode: z
    .enum(["live", "replay"])
    .default("live")
    .describe("`replay`: time is the records' own and ends when told so."),
  allowedLateness: durationSchema.prefault("5m").describe("How far the watermark stays behind the newest record."),
  acceptPast: durationSchema.prefault("40d").describe("Older records are refused one by one; not under replay."),
  acceptFuture: durationSchema.prefault("5m").describe("Newer records are refused one by one; not under replay."),
});

/** They say how a server is used, and nothing without one. */
const SERVER_KEYS = ["user", "passwordFile", "database", "cluster"] as const;
const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected letters, digits and underscores");

const storeSchema = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .default("tidemark-data")
      .describe("Data folder, relative to this file; with `url`, of the audit log and the dead letters alone."),
    retention: durationSchema
      .prefault("180d")
      .describe("How long records are kept after they came; longer where an open window needs them. Not under replay."),
    resultRetention: durationSchema
      .prefault("1095d")
      .describe(
        "How long measurements and explanations are kept, `retention` at least; those of windows shorter than a day go with the records.",
      ),
    backups: z
      .string()
      .min(1)
      .default("tidemark-backups")
      .describe("Folder that `tidemark backup` writes into, relative to this file; not with `url`."),
    url: z
      .url({ protocol: /^https?$/, error: "expected an http or https address, such as https://clickhouse:8443" })
      .refine((text) => !/^https?:\/\/[^/]*@/.test(text), {
        error: "expected no credentials in the address; name store.user and store.passwordFile",
      })
      .optional()
      .describe("HTTP interface of a ClickHouse server that keeps the records instead of the embedded engine."),
    user: z.string().min(1).optional().describe("User at the server; `default` where left out."),
    passwordFile: z.string().min(1).optional().describe("File that holds the user's password, relative to this file."),
    database: identifier.optional().describe("Database at the server; `tidemark` where left out, made if missing."),
    cluster: identifier
      .optional()
      .describe("Name of the server's cluster: tables are replicated, and distributed over its shards."),
  })
  .superRefine((store, context) => {
    for (const key of SERVER_KEYS) {
      if (store[key] === undefined || store.url !== undefined) continue;
      const message = `expected store.url beside it: it says how a ClickHouse server is used`;
      context.addIssue({ code: "custom", path: [key], message });
    }
  });

/** The whole of a tidemark.yaml. Five lines are enough; everything else has a default. */
export const configSchema = z.strictObject({
  server: serverSchema.prefault({}).describe("Where the processor listens."),
  store: storeSchema.prefault({}).describe("Where records are kept: the embedded ClickHouse, or a ClickHouse server."),
  kafka: kafkaSchema.optional().describe("Topics that are read beside what the ports receive."),
  export: z
    .strictObject({
      url: z.url().optional().describe("OTLP/HTTP metrics endpoint, such as http://127.0.0.1:4319/v1/metrics."),
      interval: durationSchema.prefault("15s").describe("Time between two exports."),
      events: z
        .url()
        .optional()
        .describe(
          "OTLP/HTTP logs endpoint for explanations of critical changes, such as http://127.0.0.1:4319/v1/logs.",
        ),
    })
    .prefault({})
    .describe("Where measurements go as OTLP metrics, beside /metrics; off unless a URL is given."),
  clock: clockSchema.prefault({}).describe("Event time and its limits."),
  models: z
    .array(modelConfigSchema)
    .min(1)
    .superRefine((models, context) => {
      models.forEach(({ tenant, name }, index) => {
        if (models.findIndex((other) => other.tenant === tenant && other.name === name) < index)
          context.addIssue({ code: "custom", path: [index, "name"], message: "expected each model once" });
      });
    })
    .describe("The models that are watched."),
});

export type Config = z.infer<typeof configSchema>;
export type ModelConfig = z.infer<typeof modelConfigSchema>;
