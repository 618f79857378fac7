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
  cause: `{{ with ${queryOf(metrics.monitorCause, WINDOW_KEYS)} }}{{ . | first | label "${prometheusLabel(attr.causeKind)}" }} of {{ . | first | label "${prometheusLabel(attr.causeTarget)}" }}{{ else }}none found yet{{ end }}`,
} as const;

function numberOf(metric: MetricDefinition): string {
  return `{{ with ${queryOf(metric, VERDICT_KEYS)} }}{{ . | first | value | printf "%.4g" }}{{ else }}not known{{ end }}`;
}

/** `printf "last_over_time(name{a=%q,b=%q}[60m])" $labels.a $labels.b | query` */
function queryOf(metric: MetricDefinition, keys: readonly string[]): string {
  const labels = keys.map(prometheusLabel);
  const matchers = labels.map((label) => `${label}=%q`).join(",");
  const values = labels.map((label) => `$labels.${label}`).join(" ");
  return `printf "last_over_time(${prometheusName(metric)}{${matchers}}[${HOLD_MINUTES}m])" ${values} | query`;
}
