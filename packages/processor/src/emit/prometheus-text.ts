import { type MetricDefinition, prometheusName } from "@tidemark/semconv";
import { groupBy } from "../group-by.ts";
import type { EmittedPoint } from "./emitted-point.ts";

/** Content type of the text exposition format. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Points in Prometheus' text format 0.0.4, under the names that the Collector and Prometheus' own OTLP endpoint give
 * them, so that a panel works whichever way the metrics came. The JavaScript SDK's Prometheus exporter is not used
 * because it knows neither `_ratio` nor unit suffixes by UCUM code and would make other names.
 * Source: OpenTelemetry specification, compatibility/prometheus_and_openmetrics.md.
 */
export function prometheusText(points: readonly EmittedPoint[]): string {
  const families = [...groupBy(points, (point) => point.metric.name).values()];
  return families
    .map((family) => familyText(family[0]!.metric, family))
    .sort()
    .join("");
}

function familyText(metric: MetricDefinition, points: readonly EmittedPoint[]): string {
  const name = prometheusName(metric);
  const type = metric.instrument === "counter" ? "counter" : "gauge";
  const samples = points.map(({ attributes, value }) => `${name}${labelsText(attributes)} ${numberText(value)}\n`);
  return `# HELP ${name} ${escapeHelp(metric.meaning)}\n# TYPE ${name} ${type}\n${samples.sort().join("")}`;
}

function labelsText(attributes: EmittedPoint["attributes"]): string {
  const labels = Object.entries(attributes)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${labelName(key)}="${escapeLabel(String(value))}"`)
    .sort();
  return labels.length === 0 ? "" : `{${labels.join(",")}}`;
}

function labelName(key: string): string {
  const name = key.replaceAll(/[^a-zA-Z0-9_]/g, "_");
  return /^\d/.test(name) ? `key_${name}` : name;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return String(value);
}
