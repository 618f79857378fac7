import { z } from "zod";
import { durationSchema } from "./duration.ts";

const bytes = z.number().int().positive();

const windowName = z.string().regex(/^[1-9]\d*(m|h|d)$/, "expected a window such as 5m, 1h, 24h or 7d");

const levelsSchema = z
  .strictObject({ warning: z.number().optional(), critical: z.number().optional() })
  .refine(
    (levels) => levels.warning !== undefined || levels.critical !== undefined,
    "expected a warning or a critical level",
  );

const driftSchema = z.strictObject({
  /** A practical threshold: both levels also need the effect's lower bound at or above it. */
  threshold: z.strictObject({ metric: z.enum(["psi", "js", "location"]), value: z.number().nonnegative() }).optional(),
  /** Features left out. */
  ignore: z.array(z.string()).default([]),
});

const qualitySchema = z.strictObject({
  /** Share of missing values, by feature, that is allowed whatever the reference had. */
  allowedMissing: z.record(z.string(), z.number().min(0).max(1)).default({}),
});

const performanceSchema = z.strictObject({
  /** A verdict waits until this share of the window's predictions has its outcome. */
  minimumCoverage: z.number().min(0).max(1).default(0.9),
  /** Growth of a score's error over the reference's that warns, and that is critical: 0.25 is a quarter more. */
  tolerance: z
    .strictObject({ warning: z.number().positive().default(0.1), critical: z.number().positive().default(0.25) })
    .prefault({}),
  /** Fixed lines by score (`accuracy`, `roc_auc`, `log_loss`, `mae`, ...) instead of the tolerance. */
  levels: z.record(z.string(), levelsSchema).default({}),
});

const serviceSchema = z.strictObject({
  /** Seconds that 95 % of calls must stay under. */
  latencyP95: levelsSchema.optional(),
  /** Share of failed predictions. */
  errorRatio: levelsSchema.prefault({ warning: 0.01, critical: 0.05 }),
});

export const modelConfigSchema = z.strictObject({
  name: z.string().min(1),
  /** Path of the profile file, relative to the configuration file. */
  profile: z.string().min(1),
  /** Which records are the model's predictions: log events, or the spans of a service that can send only those. */
  records: z.enum(["logs", "spans"]).default("logs"),
  /** Windows that are judged, aligned to Monday 00:00 UTC. */
  windows: z.array(windowName).min(1).default(["24h", "7d"]),
  /** How long after its prediction an outcome still counts. */
  outcomeHorizon: durationSchema.prefault("40d"),
  drift: driftSchema.prefault({}),
  quality: qualitySchema.prefault({}),
  performance: performanceSchema.prefault({}),
  service: serviceSchema.prefault({}),
});

/** The whole of a tidemark.yaml. Five lines are enough; everything else has a default. */
export const configSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().default("127.0.0.1"),
      port: z.number().int().min(0).max(65_535).default(4318),
      /** Largest request body on the wire and after decompression. */
      maxRequestBytes: bytes.default(16 * 1024 * 1024),
      maxDecodedBytes: bytes.default(64 * 1024 * 1024),
      /** Bytes of decoded records that may wait to be stored before senders are told to slow down. */
      maxQueuedBytes: bytes.default(256 * 1024 * 1024),
    })
    .prefault({}),
  store: z.strictObject({ path: z.string().min(1).default("tidemark-data") }).prefault({}),
  /** Where measurements go as OTLP metrics, beside /metrics; off unless a URL is given. */
  export: z.strictObject({ url: z.url().optional(), interval: durationSchema.prefault("15s") }).prefault({}),
  clock: z
    .strictObject({
      /** `replay`: time is the records' own and ends when told so. */
      mode: z.enum(["live", "replay"]).default("live"),
      allowedLateness: durationSchema.prefault("5m"),
      /** Records older or newer than this are refused one by one; ignored under replay. */
      acceptPast: durationSchema.prefault("40d"),
      acceptFuture: durationSchema.prefault("5m"),
    })
    .prefault({}),
  models: z.array(modelConfigSchema).min(1),
});

export type Config = z.infer<typeof configSchema>;
export type ModelConfig = z.infer<typeof modelConfigSchema>;
