import { createHash } from "node:crypto";
import type {
  CategoricalField,
  MetricPoint,
  NumericField,
  OutcomeRecord,
  PredictionRecord,
  Profile,
} from "@tidemark/schema";
import { VALUE_STATES } from "@tidemark/semconv";

/** Monday 2001-01-01 00:00 UTC. */
export const MONDAY_MS = Date.UTC(2001, 0, 1);
export const HOUR_MS = 3_600_000;
export const KEY = { tenant: "default", model: "flight-delay", version: "1", role: "champion" } as const;

export function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}

export function prediction(id: string, ms: number, more: Partial<PredictionRecord> = {}): PredictionRecord {
  return {
    ...KEY,
    id,
    timeUnixNano: nanoseconds(ms),
    label: null,
    score: null,
    value: null,
    samplingProbability: 1,
    traceId: "",
    segments: {},
    inputs: {},
    ...more,
  };
}

export function outcome(id: string, ms: number, more: Partial<OutcomeRecord> = {}): OutcomeRecord {
  const { tenant, model } = KEY;
  return {
    tenant,
    model,
    id,
    timeUnixNano: nanoseconds(ms),
    kind: "class",
    label: null,
    value: null,
    position: null,
    ...more,
  };
}

/** A cumulative counter point of one feature; `series` is derived from what names the series. */
export function point(ms: number, more: Partial<MetricPoint>): MetricPoint {
  const base: MetricPoint = {
    ...KEY,
    service: "flights",
    instance: "a",
    metric: "",
    feature: "",
    key: "",
    segment: "",
    series: "",
    temporality: "cumulative",
    startUnixNano: nanoseconds(MONDAY_MS),
    timeUnixNano: nanoseconds(ms),
    count: 0n,
    sum: 0,
    boundaries: [],
    bucketCounts: [],
    ...more,
  };
  const names = [
    base.model,
    base.version,
    base.role,
    base.service,
    base.instance,
    base.metric,
    base.feature,
    base.key,
    base.segment,
  ];
  return { ...base, series: more.series ?? createHash("sha256").update(names.join("\0")).digest("hex").slice(0, 16) };
}

/** A cumulative histogram point. */
export function histogram(
  ms: number,
  more: Partial<MetricPoint> & { readonly boundaries: readonly number[] },
  buckets: readonly number[],
): MetricPoint {
  const count = buckets.reduce((sum, bucket) => sum + bucket, 0);
  return point(ms, { count: BigInt(count), bucketCounts: buckets.map(BigInt), ...more });
}

export function numericField(name: string, boundaries: number[], more: Partial<NumericField> = {}): NumericField {
  return {
    ...fieldBase(name),
    kind: "numeric",
    boundaries,
    counts: new Array<number>(boundaries.length + 1).fill(100),
    detectorEdges: boundaries.map((_boundary, index) => index),
    min: boundaries[0] ?? 0,
    max: boundaries.at(-1) ?? 0,
    mean: 0,
    standardDeviation: 1,
    range: { min: null, max: null },
    slots: null,
    ...more,
  };
}

export function categoricalField(
  name: string,
  categories: string[],
  more: Partial<CategoricalField> = {},
): CategoricalField {
  return {
    ...fieldBase(name),
    kind: "categorical",
    categories,
    counts: new Array<number>(categories.length + 1).fill(100),
    otherCategories: [],
    slots: null,
    ...more,
  };
}

export function profile(fields: Profile["fields"], season: Profile["season"] = null): Profile {
  return {
    format: "tidemark.profile/1",
    id: `sha256:${"0".repeat(64)}`,
    model: { name: KEY.model, version: KEY.version, type: "classification" },
    source: { rows: 1000, start: null, end: null },
    season,
    positiveLabel: "late",
    fields,
    performance: {},
  };
}

function fieldBase(name: string) {
  const states = Object.fromEntries(VALUE_STATES.map((state) => [state, 0])) as NumericField["states"];
  const varianceInflation: NumericField["varianceInflation"] = { rows: [1, 1], slots: null };
  return { target: "feature" as const, name, states, varianceInflation, missing: { varianceInflation, slots: null } };
}
