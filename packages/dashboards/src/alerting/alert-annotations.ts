import { attr, prometheusLabel } from "@tidemark/semconv";
import { type AlertDefinition, runbookPath } from "./alert-table.ts";

/** Annotations of an alert; `{{ $labels.x }}` is filled in by Prometheus and by Grafana alike. */
export function alertAnnotations(alert: AlertDefinition): Record<string, string> {
  const label = (key: string) => `{{ $labels.${prometheusLabel(key)} }}`;
  return {
    summary: alert.summary,
    description:
      `${alert.meaning} Model ${label(attr.modelName)} version ${label(attr.modelVersion)}, ` +
      `window ${label(attr.windowName)}, signal ${label(attr.monitorSignal)}, target ${label(attr.monitorTarget)}.`,
    runbook_url: runbookPath(alert),
  };
}
