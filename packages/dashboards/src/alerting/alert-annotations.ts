import type { AlertDefinition, ValueFormat } from "./alert-definition.ts";
import { runbookPath } from "./alert-table.ts";
import { dashboardLink } from "./dashboard-link.ts";
import { verdictLookups } from "./verdict-lookups.ts";

/** What a Go template makes of a number, in Prometheus and in Grafana alike. */
export const VALUE_FORMATS: Readonly<Record<ValueFormat, string>> = {
  number: 'printf "%.3g"',
  percentage: "humanizePercentage",
  duration: "humanizeDuration",
};

/**
 * Annotations of a Prometheus alert. Links begin with the external labels `tidemark_grafana`, `tidemark_docs` and
 * `tidemark_responder` where prometheus.yml sets them, and are relative otherwise.
 */
export function alertAnnotations(alert: AlertDefinition): Record<string, string> {
  return {
    summary: alert.summary,
    description: alert.meaning,
    ...detailTexts(alert),
    dashboard_url: `{{ $externalLabels.tidemark_grafana }}${dashboardLink(alert)}`,
    runbook_url: `{{ $externalLabels.tidemark_docs }}${runbookPath(alert)}`,
    responder_url: "{{ $externalLabels.tidemark_responder }}/",
  };
}

function detailTexts({ details }: AlertDefinition): Record<"value" | "threshold" | "first_cause", string> {
  if (details.kind === "verdict") {
    const { value, threshold, cause } = verdictLookups;
    return { value, threshold, first_cause: cause };
  }
  const { format, threshold, cause } = details;
  const line =
    typeof threshold === "string"
      ? threshold
      : `{{ with query "${threshold.record}" }}{{ . | first | value | ${VALUE_FORMATS[format]} }}{{ else }}${threshold.text}{{ end }}`;
  return { value: `{{ $value | ${VALUE_FORMATS[format]} }}`, threshold: line, first_cause: cause };
}
