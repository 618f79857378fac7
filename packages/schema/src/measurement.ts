import { MONITOR_STATES } from "@tidemark/semconv";
import { z } from "zod";
import { DEPLOYMENT_ROLES } from "./records.ts";

const isoTime = z.iso.datetime();

export const SIGNAL_NAMES = [
  "drift",
  "data_quality",
  "performance",
  "service",
  "comparison",
  "estimation",
  "control",
  "attribution",
  "ensemble",
] as const;
export const TARGET_KINDS = [
  "feature",
  "embedding",
  "prediction",
  "outcome",
  "dataset",
  "segment",
  "service",
  "comparison",
  "member",
  "ensemble",
] as const;

const targetSchema = z.strictObject({
  kind: z.enum(TARGET_KINDS),
  /** The feature's or the score's name: `distance`, `score`, `roc_auc`, `latency`. */
  name: z.string(),
});

/** Shares by bin, for pictures: at most 20 bins, in the order of the values. */
const binSharesSchema = z.strictObject({
  labels: z.array(z.string()),
  window: z.array(z.number()),
  reference: z.array(z.number()),
});

/** What a verdict rests on. Numbers by name, and pictures where there are any. */
const evidenceSchema = z.strictObject({
  numbers: z.record(z.string(), z.number()),
  /** The assumption or the reason in words; empty where the numbers speak. */
  note: z.string(),
  bins: binSharesSchema.nullable(),
});

/** One computed value of one window, with its interval, and the verdict where it carries one. */
export const measurementSchema = z.strictObject({
  tenant: z.string(),
  model: z.string(),
  version: z.string(),
  role: z.enum(DEPLOYMENT_ROLES),
  signal: z.enum(SIGNAL_NAMES),
  target: targetSchema,
  /** Name of the metric in the semantic conventions: `ml.drift.psi`. */
  metric: z.string(),
  /** Further attributes that tell points of the metric apart, such as the quantile or the rule. */
  attributes: z.record(z.string(), z.string()),
  /** Null where the value does not exist (no row of one class, say); the evidence says why. */
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** The verdict; null on values that only describe. */
  state: z.enum(MONITOR_STATES).nullable(),
  threshold: z.number().nullable(),
  evidence: evidenceSchema,
  window: z.strictObject({ name: z.string(), start: isoTime, end: isoTime }),
  /** Rows that the value rests on, and their effective number after weighting. */
  count: z.number(),
  effective: z.number(),
  profileId: z.string(),
  configId: z.string(),
  /** 0 when first published, one more for each time late records changed it. */
  revision: z.number().int().nonnegative(),
});

export const CAUSE_KINDS = [
  "silence",
  "nulls",
  "stuck",
  "swapped",
  "unit_change",
  "new_category",
  "type_change",
  "covariate_shift",
  "concept_shift",
  "unknown",
] as const;

export const firstCauseSchema = z.strictObject({
  kind: z.enum(CAUSE_KINDS),
  /** The feature, score or service it is about. */
  target: z.string(),
  /** One sentence with the numbers. */
  explanation: z.string(),
});

/** A run of windows in which one target was not ok. */
export const incidentSchema = z.strictObject({
  id: z.string(),
  tenant: z.string(),
  model: z.string(),
  version: z.string(),
  role: z.enum(DEPLOYMENT_ROLES),
  signal: z.enum(SIGNAL_NAMES),
  target: targetSchema,
  windowName: z.string(),
  /** The worst state of the run. */
  state: z.enum(["warning", "critical", "no_data"]),
  /** Still not ok in the newest window. */
  open: z.boolean(),
  firstCause: firstCauseSchema,
  /** The windows of the run in order of time, each with its verdict. */
  windows: z.array(measurementSchema),
});

/** Incidents of at least two models that are taken for one thing that happened. */
export const joinedIncidentSchema = z.strictObject({
  /** Stable while it grows at its end. */
  id: z.string(),
  tenant: z.string(),
  /** What the models have in common: an input of that name, all of their records, a deployment they began with, or where they ran. */
  shared: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("feature"), name: z.string() }),
    z.strictObject({ kind: z.literal("upstream") }),
    z.strictObject({ kind: z.literal("deployment"), service: z.string(), release: z.string() }),
    z.strictObject({
      kind: z.literal("host"),
      place: z.enum(["process", "host", "node"]),
      names: z.array(z.string()).min(1),
    }),
  ]),
  /** The most specific of theirs; of equals that of the incident that began first. */
  firstCause: firstCauseSchema,
  /** Why they are taken for one, in a sentence. */
  reason: z.string(),
  /** The worst state of any of them. */
  state: incidentSchema.shape.state,
  /** Whether any of them is still open. */
  open: z.boolean(),
  /** From the first window of any to the end of the last one. */
  start: isoTime,
  end: isoTime,
  /** Names in alphabetic order. */
  models: z.array(z.string()).min(2),
  /** By start, the earliest first; the ids are those of `/v1/incidents`. */
  incidents: z.array(
    incidentSchema.omit({ tenant: true, firstCause: true, windows: true }).extend({ start: isoTime, end: isoTime }),
  ),
});

export type Target = z.infer<typeof targetSchema>;
export type BinShares = z.infer<typeof binSharesSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type Measurement = z.infer<typeof measurementSchema>;
export type FirstCause = z.infer<typeof firstCauseSchema>;
export type CauseKind = (typeof CAUSE_KINDS)[number];
export type Incident = z.infer<typeof incidentSchema>;
export type JoinedIncident = z.infer<typeof joinedIncidentSchema>;
export type SignalName = (typeof SIGNAL_NAMES)[number];
export type TargetKind = (typeof TARGET_KINDS)[number];
