import { attr, type MetricDefinition, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { HOLD_MINUTES } from "./verdict-alerts.ts";

/** What tells one verdict of a target from another; a label that a series lacks is matched as empty. */
const VERDICT_KEYS = [
  attr.tenant,
  attr.modelName,
  attr.modelVersion,
  attr.deploymentRole,
  attr.windowName,
  attr.monitorSignal,
  attr.monitorTarget,
  attr.driftTarget,
  attr.driftReading,
  attr.driftReference,
  attr.qualityRule,
  attr.segmentName,
  attr.segmentValue,
  attr.quantile,
  attr.estimateSource,
];

const WINDOW_KEYS = [attr.tenant, attr.modelName, attr.modelVersion, attr.deploymentRole, attr.windowName];

/** The verdict's value and line, and the window's first cause, as Go template actions of Prometheus. */
export const verdictLookups = {
  value: numberOf(metrics.monitorValue),
  threshold: numberOf(metrics.monitorThreshold),
  // Of several causes within the last minutes the one that was sent last.
  cause: `{{ with ${queryOf(metrics.monitorCause, WINDOW_KEYS, newest)} }}{{ . | first | label "${prometheusLabel(attr.causeKind)}" }} of {{ . | first | label "${prometheusLabel(attr.causeTarget)}" }}{{ else }}none found yet{{ end }}`,
} as const;

function numberOf(metric: MetricDefinition): string {
  return `{{ with ${queryOf(metric, VERDICT_KEYS)} }}{{ . | first | value | printf "%.4g" }}{{ else }}not known{{ end }}`;
}

/** `printf "last_over_time(name{a=%q,b=%q}[60m])" $labels.a $labels.b | query` */
function queryOf(metric: MetricDefinition, keys: readonly string[], of: (selector: string) => string = held): string {
  const labels = keys.map(prometheusLabel);
  const matchers = labels.map((label) => `${label}=%q`).join(",");
  const values = labels.map((label) => `$labels.${label}`).join(" ");
  return `printf "${of(`${prometheusName(metric)}{${matchers}}`)}" ${values} | query`;
}

function held(selector: string): string {
  return `last_over_time(${selector}[${HOLD_MINUTES}m])`;
}

function newest(selector: string): string {
  return `topk(1, timestamp(${selector}))`;
}
