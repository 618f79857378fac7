import { gt, lastOverTime, max, n } from "@grafana/promql-builder";
import { attr, type MonitorState, metrics } from "@tidemark/semconv";
import { series } from "../promql/query.ts";

/** One alert, from which the Prometheus rule, the Grafana rule, the rule tests and the runbook are made. */
export interface AlertDefinition {
  readonly name: string;
  /** Identity in Grafana, and the runbook's file name. */
  readonly slug: string;
  readonly severity: "warning" | "critical";
  /** The states of `ml_monitor_status` that it is about. */
  readonly states: readonly MonitorState[];
  /** How long the state must last before anyone is told. */
  readonly forMinutes: number;
  /** How long the alert stays after the state has ended, so that it does not flap. */
  readonly keepFiringMinutes: number;
  readonly summary: string;
  readonly meaning: string;
}

/** The last known state stands this long when a processor says nothing: a restart neither resolves nor splits an alert. */
export const HOLD_MINUTES = 60;

export const alertTable: readonly AlertDefinition[] = [
  {
    name: "ModelHealthCritical",
    slug: "model-health-critical",
    severity: "critical",
    states: ["critical"],
    forMinutes: 5,
    keepFiringMinutes: 15,
    summary:
      "{{ $labels.ml_monitor_target }} of {{ $labels.ml_model_name }} is critical ({{ $labels.ml_monitor_signal }})",
    meaning:
      "A target of the model is critical in its newest window; for drift, that is a change that chance makes in at most 1 of 1,000 windows, and that matters.",
  },
  {
    name: "ModelHealthWarning",
    slug: "model-health-warning",
    severity: "warning",
    states: ["warning", "no_data"],
    forMinutes: 15,
    keepFiringMinutes: 30,
    summary:
      "{{ $labels.ml_monitor_target }} of {{ $labels.ml_model_name }} is {{ $labels.ml_monitor_state }} ({{ $labels.ml_monitor_signal }})",
    meaning: "A target of the model warns in its newest window, or data that is expected does not come.",
  },
];

/**
 * The alert's condition: one series for each target whose newest state is one of the alert's, all replicas as one.
 *
 * @example alertExpression(critical) // max without (instance) (last_over_time(ml_monitor_status{ml_monitor_state="critical"}[1h])) > 0
 */
export function alertExpression(alert: AlertDefinition): string {
  const state = alert.states.length === 1 ? alert.states[0]! : { matches: alert.states.join("|") };
  const status = series(metrics.monitorStatus, { [attr.monitorState]: state }).range(`${HOLD_MINUTES}m`);
  return gt(max(lastOverTime(status)).without(["instance"]), n(0)).toString();
}

/** Where the runbook is, relative to the repository; Alertmanager and Grafana show it as the runbook's address. */
export function runbookPath(alert: AlertDefinition): string {
  return `docs/runbooks/${alert.slug}.md`;
}
