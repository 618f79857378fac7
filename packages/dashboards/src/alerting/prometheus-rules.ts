import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { alertAnnotations } from "./alert-annotations.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { alertLabels } from "./alert-labels.ts";
import { alertGroups } from "./alert-table.ts";
import { recordingRules } from "./recording-rules.ts";

/** Name of the group that must be evaluated before the alerts: lines and recorded series. */
export const RECORDING_GROUP = "tidemark-recorded";

const COMMENT = `# Prometheus 2.42 or later, Mimir's ruler, Grafana Cloud. The lines that the alerts hold values against are the first
# records: change them here, in your copy; panels follow. Groups are evaluated at the server's own interval.
`;

/** grafana/alerting/prometheus-rules.yaml: recording rules and alerts as a Prometheus rule file. */
export function prometheusRules(): string {
  const groups = [
    { name: RECORDING_GROUP, rules: recordingRules().map(({ record, expression }) => ({ record, expr: expression })) },
    ...alertGroups.map(({ name, alerts }) => ({ name, rules: alerts.map(prometheusRule) })),
  ];
  return `${GENERATED_COMMENT}${COMMENT}${stringify({ groups }, { lineWidth: 0 })}`;
}

function prometheusRule(alert: AlertDefinition): Record<string, unknown> {
  return {
    alert: alert.name,
    expr: alert.expression,
    ...(alert.forMinutes > 0 ? { for: `${alert.forMinutes}m` } : {}),
    ...(alert.keepFiringMinutes > 0 ? { keep_firing_for: `${alert.keepFiringMinutes}m` } : {}),
    labels: alertLabels(alert),
    annotations: alertAnnotations(alert),
  };
}
