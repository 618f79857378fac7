import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { FOLDER } from "../provisioning/dashboard-provider.ts";
import { DATA_SOURCE_UID } from "../provisioning/data-sources.ts";
import { alertAnnotations } from "./alert-annotations.ts";
import { type AlertDefinition, alertExpression, alertTable } from "./alert-table.ts";

/** Seconds of data that Grafana hands to the query; the expression looks further back by itself. */
const RELATIVE_RANGE_SECONDS = 600;

/**
 * grafana/provisioning/alerting/tidemark.yaml: the same alerts as Grafana-managed rules, for those who alert there
 * instead of in Prometheus. A query that finds nothing means that nothing is raised, so `noDataState` is `OK`.
 */
export function grafanaRules(): string {
  const groups = [
    { orgId: 1, name: "tidemark-model-health", folder: FOLDER, interval: "1m", rules: alertTable.map(grafanaRule) },
  ];
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, groups }, { lineWidth: 0 })}`;
}

function grafanaRule(alert: AlertDefinition): Record<string, unknown> {
  return {
    uid: `tidemark-${alert.slug}`,
    title: alert.name,
    condition: "B",
    data: [statusQuery(alert), raisedExpression()],
    for: `${alert.forMinutes}m`,
    noDataState: "OK",
    execErrState: "Error",
    labels: { severity: alert.severity },
    annotations: alertAnnotations(alert),
  };
}

function statusQuery(alert: AlertDefinition): Record<string, unknown> {
  return {
    refId: "A",
    relativeTimeRange: { from: RELATIVE_RANGE_SECONDS, to: 0 },
    datasourceUid: DATA_SOURCE_UID,
    model: { refId: "A", expr: alertExpression(alert), instant: true, range: false },
  };
}

/** Grafana's own expression: raised where the query gave a number above 0. */
function raisedExpression(): Record<string, unknown> {
  return {
    refId: "B",
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: "__expr__",
    model: { refId: "B", type: "math", expression: "$A > 0", datasource: { type: "__expr__", uid: "__expr__" } },
  };
}
