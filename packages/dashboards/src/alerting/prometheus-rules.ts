import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { alertAnnotations } from "./alert-annotations.ts";
import { type AlertDefinition, alertExpression, alertTable } from "./alert-table.ts";

/** grafana/alerting/prometheus-rules.yaml: the alerts as a Prometheus rule file (`keep_firing_for`: 2.42 and later). */
export function prometheusRules(): string {
  const groups = [{ name: "tidemark-model-health", interval: "1m", rules: alertTable.map(prometheusRule) }];
  return `${GENERATED_COMMENT}${stringify({ groups }, { lineWidth: 0 })}`;
}

function prometheusRule(alert: AlertDefinition): Record<string, unknown> {
  return {
    alert: alert.name,
    expr: alertExpression(alert),
    for: `${alert.forMinutes}m`,
    keep_firing_for: `${alert.keepFiringMinutes}m`,
    labels: { severity: alert.severity },
    annotations: alertAnnotations(alert),
  };
}
