import { attr, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { FOLDER } from "../provisioning/dashboard-provider.ts";
import { DATA_SOURCE_UID } from "../provisioning/data-sources.ts";
import { VALUE_FORMATS } from "./alert-annotations.ts";
import type { AlertDefinition } from "./alert-definition.ts";
import { alertLabels } from "./alert-labels.ts";
import { alertGroups, runbookPath } from "./alert-table.ts";
import { dashboardLink } from "./dashboard-link.ts";
import { grafanaExpression } from "./grafana-expression.ts";
import { HOLD_MINUTES } from "./verdict-alerts.ts";

/** Seconds of data that Grafana hands to the query; the expression looks further back by itself. */
const RELATIVE_RANGE_SECONDS = 600;

/**
 * grafana/provisioning/alerting/rules.yaml: the same alerts as Grafana-managed rules, for those who alert there instead
 * of in Prometheus. A query that finds nothing means that nothing is raised, so `noDataState` is `OK`; an alert on
 * missing data finds its series by `absent`.
 */
export function grafanaRules(): string {
  const groups = alertGroups.map(({ name, alerts }) => ({
    orgId: 1,
    name,
    folder: FOLDER,
    interval: "1m",
    rules: alerts.map(grafanaRule),
  }));
  return `${GENERATED_COMMENT}${stringify({ apiVersion: 1, groups }, { lineWidth: 0 })}`;
}

function grafanaRule(alert: AlertDefinition): Record<string, unknown> {
  const expression = grafanaExpression(alert.expression);
  const lookups = alert.details.kind === "verdict" ? verdictQueries(expression) : [];
  return {
    uid: `tidemark-${alert.slug}`.slice(0, 40),
    title: alert.name,
    condition: "B",
    data: [promQuery("A", expression), raisedExpression(), ...lookups],
    for: `${alert.forMinutes}m`,
    noDataState: "OK",
    execErrState: "Error",
    labels: alertLabels(alert),
    annotations: annotationsOf(alert),
  };
}

/**
 * What the alert's text shows of a verdict. Grafana takes a rule for one without data as soon as any of its queries is
 * empty, hence `or vector(0)`; and gives a query's result to the alerts whose labels hold all of its labels, or the
 * other way round, hence the join of the cause onto the alert's own labels.
 */
function verdictQueries(expression: string): Record<string, unknown>[] {
  const held = (metric: (typeof metrics)["monitorValue" | "monitorThreshold"]) =>
    `max without(instance) (last_over_time(${prometheusName(metric)}[${HOLD_MINUTES}m]))`;
  const window = [attr.tenant, attr.modelName, attr.modelVersion, attr.deploymentRole, attr.windowName].map(
    prometheusLabel,
  );
  const cause = [attr.causeKind, attr.causeTarget].map(prometheusLabel);
  // Of several causes within the last minutes the one that was sent last: a join takes one.
  const newest = `topk by(${window.join(", ")}) (1, max without(instance) (timestamp(${prometheusName(metrics.monitorCause)})))`;
  const joined = `(${expression}) * on(${window.join(", ")}) group_left(${cause.join(", ")}) ${newest}`;
  return [
    promQuery("V", `${held(metrics.monitorValue)} or on() vector(0)`),
    promQuery("T", `${held(metrics.monitorThreshold)} or on() vector(0)`),
    promQuery("C", `${joined} or on() vector(0)`),
  ];
}

function annotationsOf(alert: AlertDefinition): Record<string, string> {
  const { details } = alert;
  const number = (refId: string, format: string) => `{{ (index $values "${refId}").Value | ${format} }}`;
  const cause = (key: string) => `{{ index (index $values "C").Labels "${prometheusLabel(key)}" }}`;
  const texts =
    details.kind === "verdict"
      ? {
          value: number("V", 'printf "%.4g"'),
          threshold: number("T", 'printf "%.4g"'),
          first_cause: `${cause(attr.causeKind)} {{ if index (index $values "C").Labels "${prometheusLabel(attr.causeKind)}" }}of{{ else }}none found yet{{ end }} ${cause(attr.causeTarget)}`,
        }
      : {
          value: number("A", VALUE_FORMATS[details.format]),
          threshold: typeof details.threshold === "string" ? details.threshold : details.threshold.text,
          first_cause: details.cause,
        };
  return {
    summary: alert.summary,
    description: alert.meaning,
    ...texts,
    dashboard_url: dashboardLink(alert),
    runbook_url: runbookPath(alert),
    __dashboardUid__: alert.dashboard,
  };
}

function promQuery(refId: string, expr: string): Record<string, unknown> {
  return {
    refId,
    relativeTimeRange: { from: RELATIVE_RANGE_SECONDS, to: 0 },
    datasourceUid: DATA_SOURCE_UID,
    model: { refId, expr, instant: true, range: false },
  };
}

/** Grafana's own expression: raised for each series that the query returns, also where its value is 0. */
function raisedExpression(): Record<string, unknown> {
  return {
    refId: "B",
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: "__expr__",
    model: { refId: "B", type: "math", expression: "is_number($A)", datasource: { type: "__expr__", uid: "__expr__" } },
  };
}
