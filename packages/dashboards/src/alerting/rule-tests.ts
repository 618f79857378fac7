import { attr, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { stringify } from "yaml";
import { GENERATED_COMMENT } from "../generated-comment.ts";
import { alertAnnotations } from "./alert-annotations.ts";
import { type AlertDefinition, HOLD_MINUTES } from "./alert-table.ts";

/** Values of one status series, minute by minute, in promtool's notation, and when the alert must be up. */
interface Scenario {
  readonly name: string;
  /** One series a processor replica. */
  readonly replicas: readonly string[];
  readonly firing: readonly number[];
  readonly quiet: readonly number[];
}

/** Minute at which the state of the tested series begins. */
const START = 10;

/**
 * grafana/alerting/tests/<slug>.yaml: promtool's tests of one alert: it fires, stays quiet, holds through silence,
 * resolves, and is one alert however many replicas say the same.
 */
export function ruleTests(alert: AlertDefinition): string {
  const tests = scenariosOf(alert).map((scenario) => ({
    name: `${alert.name}: ${scenario.name}`,
    interval: "1m",
    input_series: scenario.replicas.map((values, replica) => ({ series: statusSeries(alert, replica), values })),
    alert_rule_test: [
      ...scenario.quiet.map((minute) => ({ minute, exp_alerts: [] as unknown[] })),
      ...scenario.firing.map((minute) => ({ minute, exp_alerts: [expectedAlert(alert)] })),
    ]
      .sort((a, b) => a.minute - b.minute)
      .map(({ minute, exp_alerts }) => ({ eval_time: `${minute}m`, alertname: alert.name, exp_alerts })),
  }));
  const file = { rule_files: ["../prometheus-rules.yaml"], evaluation_interval: "1m", tests };
  return `${GENERATED_COMMENT}${stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function scenariosOf({ forMinutes, keepFiringMinutes }: AlertDefinition): Scenario[] {
  const up = START + forMinutes;
  const raisedFor = forMinutes + 20;
  const end = START + raisedFor;
  const raised = `0x${START - 1} 1x${raisedFor - 1}`;
  const gone = end + HOLD_MINUTES + keepFiringMinutes;
  return [
    { name: "fires once the state has lasted", replicas: [raised], quiet: [START - 1, up - 1], firing: [up, end - 1] },
    { name: "stays quiet while all is well", replicas: ["0x120"], quiet: [30, 120], firing: [] },
    { name: "stays quiet when there never was any data", replicas: [], quiet: [30, 120], firing: [] },
    {
      name: "stays quiet over a short blip",
      replicas: [`0x${START} 1 1 0x60`],
      quiet: [START + 2, 40, 70],
      firing: [],
    },
    {
      name: "holds through a silent processor, then resolves",
      replicas: [`${raised} stale`],
      firing: [up, end + HOLD_MINUTES - 2],
      quiet: [gone + 2],
    },
    {
      name: "resolves after the state has ended, not at once",
      replicas: [`${raised} 0x120`],
      firing: [end - 1, end + keepFiringMinutes - 2],
      quiet: [end + keepFiringMinutes + 2],
    },
    { name: "is one alert for two replicas", replicas: [raised, raised], quiet: [START - 1], firing: [up + 1] },
  ];
}

function statusSeries(alert: AlertDefinition, replica: number): string {
  const labels = { ...statusLabels(alert), instance: `processor-${replica}` };
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${prometheusName(metrics.monitorStatus)}{${pairs.join(", ")}}`;
}

function statusLabels(alert: AlertDefinition): Record<string, string> {
  const attributes = {
    [attr.modelName]: "flight-delay",
    [attr.modelVersion]: "1",
    [attr.deploymentRole]: "champion",
    [attr.windowName]: "24h",
    [attr.monitorSignal]: "drift",
    [attr.monitorTarget]: "distance",
    [attr.featureName]: "distance",
    [attr.driftTarget]: "feature",
    [attr.monitorState]: alert.states[0]!,
  };
  const labels = Object.entries(attributes).map(([key, value]) => [prometheusLabel(key), value]);
  return { ...Object.fromEntries(labels), job: "tidemark-processor" };
}

function expectedAlert(alert: AlertDefinition): Record<string, unknown> {
  const labels = statusLabels(alert);
  const fill = (text: string) => text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? "");
  const annotations = Object.entries(alertAnnotations(alert)).map(([name, text]) => [name, fill(text)]);
  return { exp_labels: { ...labels, severity: alert.severity }, exp_annotations: Object.fromEntries(annotations) };
}
