import type { MetricDefinition } from "./definition.ts";

/** UCUM units that become a suffix; annotations in braces become none. */
const UNIT_SUFFIX: Readonly<Record<string, string>> = { s: "seconds", By: "bytes" };

/**
 * Name under which Prometheus keeps an OTLP metric: dots become underscores, the unit becomes a suffix, a gauge of
 * unit `1` is a `_ratio`, a counter ends in `_total`.
 * Source: OpenTelemetry specification, compatibility/prometheus_and_openmetrics.md, "OTLP Metric points to Prometheus".
 */
export function prometheusName(metric: Pick<MetricDefinition, "name" | "instrument" | "unit">): string {
  const parts = [metric.name.replaceAll(/[^a-zA-Z0-9_:]/g, "_")];
  const unit = unitSuffix(metric);
  if (unit !== null && !parts[0]!.endsWith(`_${unit}`)) parts.push(unit);
  if (metric.instrument === "counter" && !parts[0]!.endsWith("_total")) parts.push("total");
  return parts.join("_");
}

function unitSuffix({ unit, instrument }: Pick<MetricDefinition, "instrument" | "unit">): string | null {
  if (unit === "1") return instrument === "gauge" ? "ratio" : null;
  const [numerator = "", denominator] = unit.replaceAll(/\{[^}]*\}/g, "").split("/");
  const suffix = UNIT_SUFFIX[numerator] ?? null;
  if (denominator === undefined) return suffix;
  return denominator === "s" ? [suffix, "per_second"].filter((part) => part !== null).join("_") : suffix;
}
