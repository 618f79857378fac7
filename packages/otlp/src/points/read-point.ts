import { DEPLOYMENT_ROLES, type MetricPoint } from "@tidemark/schema";
import { attr, VALUE_STATES } from "@tidemark/semconv";
import { type AttributeSet, describeValue, MAX_ATTRIBUTES, MAX_NESTING } from "../attribute-value.ts";
import { type DecodeContext, describeTime, isAcceptedTime } from "../decode-context.ts";
import { MAX_TEXT_LENGTH, outsideWindow } from "../records/record-fields.ts";
import type { Problem } from "../records/rejections.ts";
import { checkValues } from "./check-values.ts";
import { explicitBuckets } from "./explicit-buckets.ts";
import { type KnownMetric, knownMetrics } from "./known-metrics.ts";
import type { MetricDraft, PointDraft } from "./point-draft.ts";
import type { SeriesHasher } from "./series-hash.ts";

/** A point of a known metric, or why it is refused. */
export function readPoint(
  metric: MetricDraft,
  point: PointDraft,
  context: DecodeContext,
  hasher: SeriesHasher,
): MetricPoint | Problem {
  const known = knownMetrics.get(metric.name)!;
  const problem =
    checkForm(metric, known) ??
    checkLimits(metric, point) ??
    checkTime(metric, point, context) ??
    checkValues(metric, point, known);
  if (problem !== null) return problem;
  const labels = readLabels(metric, point, known);
  if ("reason" in labels) return labels;
  const isHistogram = metric.kind === "histogram" || metric.kind === "exponential_histogram";
  const { boundaries, bucketCounts } = point.exponential === null ? point : explicitBuckets(point.exponential);
  return {
    tenant: context.tenant,
    ...labels,
    metric: metric.name,
    series: hasher.seriesOf(metric, point.attributes),
    temporality: metric.kind === "gauge" ? "gauge" : metric.temporality === 1 ? "delta" : "cumulative",
    startUnixNano: point.startUnixNano,
    timeUnixNano: point.timeUnixNano,
    count: isHistogram ? point.count : 0n,
    sum: isHistogram ? (point.sum ?? 0) : Number(point.value),
    boundaries,
    bucketCounts: isHistogram && bucketCounts.length === 0 ? [point.count] : bucketCounts,
  };
}

function checkForm({ name, kind, temporality }: MetricDraft, known: KnownMetric): Problem | null {
  if (!known.kinds.includes(kind)) {
    return {
      reason: "unexpected_metric_kind",
      example: `${name} is a ${kind}; expected a ${known.kinds.join(" or a ")}`,
    };
  }
  if (kind !== "gauge" && temporality !== 1 && temporality !== 2) {
    return {
      reason: "temporality_missing",
      example: `${name} has aggregation_temporality ${temporality}; expected 1 (delta) or 2 (cumulative)`,
    };
  }
  return null;
}

function checkLimits({ name, origin }: MetricDraft, { attributes }: PointDraft): Problem | null {
  for (const set of [attributes, origin.resource, origin.scope]) {
    if (set.count > MAX_ATTRIBUTES) {
      return {
        reason: "too_many_attributes",
        example: `${name} has ${set.count} attributes on a point, its resource or its scope; expected at most ${MAX_ATTRIBUTES}`,
      };
    }
    if (set.tooDeep) {
      return {
        reason: "nesting_too_deep",
        example: `${name} has an attribute nested deeper than ${MAX_NESTING} levels; expected a plain value`,
      };
    }
  }
  return null;
}

function checkTime(
  metric: MetricDraft,
  { startUnixNano, timeUnixNano }: PointDraft,
  context: DecodeContext,
): Problem | null {
  if (!isAcceptedTime(timeUnixNano, context)) {
    return {
      reason: "time_outside_window",
      example: outsideWindow(`time_unix_nano of ${metric.name}`, timeUnixNano, context),
    };
  }
  if (startUnixNano > timeUnixNano) {
    return {
      reason: "start_after_time",
      example:
        `start_time_unix_nano of ${metric.name} is ${describeTime(startUnixNano)}; ` +
        `expected at most its time_unix_nano, ${describeTime(timeUnixNano)}`,
    };
  }
  return null;
}

type Labels = Pick<MetricPoint, "model" | "version" | "role" | "service" | "instance" | "feature" | "key" | "segment">;

function readLabels({ name, origin }: MetricDraft, { attributes }: PointDraft, known: KnownMetric): Labels | Problem {
  let problem: Problem | null = null;
  const labels: Labels = {
    model: known.needsModel ? text(attr.modelName, "model_name_missing", origin.resource) : "",
    version: known.needsModel ? text(attr.modelVersion, null, origin.resource) : "",
    role: known.needsModel ? text(attr.deploymentRole, null, origin.resource) || "champion" : "",
    service: text("service.name", null, origin.resource),
    instance: text("service.instance.id", null, origin.resource),
    feature: known.needsFeature ? text(attr.featureName, "feature_name_missing", null) : "",
    key: known.key === null ? "" : text(known.key.name, known.key.required ? "point_key_missing" : null, null),
    segment: "",
  };
  const segment = text(attr.segmentName, null, null);
  const withSegment =
    segment === "" ? labels : { ...labels, segment: `${segment}=${text(attr.segmentValue, null, null)}` };
  if (known.needsModel && !(DEPLOYMENT_ROLES as readonly string[]).includes(labels.role)) {
    refuse(
      "unknown_role",
      `${attr.deploymentRole} is "${labels.role.slice(0, 40)}"; expected one of ${DEPLOYMENT_ROLES.join(", ")}`,
    );
  }
  if (known.key?.name === attr.featureValueState && !(VALUE_STATES as readonly string[]).includes(labels.key)) {
    refuse(
      "unknown_value_state",
      `${attr.featureValueState} is "${labels.key.slice(0, 40)}"; expected one of ${VALUE_STATES.join(", ")}`,
    );
  }
  return problem ?? withSegment;

  /** The attribute of the point or, failing that, of `fallback`; empty where absent. */
  function text(key: string, missing: string | null, fallback: AttributeSet | null): string {
    const value = attributes.values.get(key) ?? fallback?.values.get(key) ?? "";
    if (typeof value !== "string")
      refuse("wrong_type", `${key} of ${name} is ${describeValue(value)}; expected a string`);
    else if (value.length > MAX_TEXT_LENGTH) {
      refuse("text_too_long", `${key} of ${name} has ${value.length} characters; expected at most ${MAX_TEXT_LENGTH}`);
    } else if (value === "" && missing !== null)
      refuse(missing, `${key} is missing on a point of ${name}; expected a text`);
    return typeof value === "string" ? value : "";
  }

  function refuse(reason: string, example: string): void {
    problem ??= { reason, example };
  }
}
