import { attr, type MetricDefinition, prometheusLabel, prometheusName } from "@tidemark/semconv";
import type { AlertDetails, AlertTest, Probe, ValueFormat } from "./alert-definition.ts";
import type { Threshold } from "./thresholds.ts";

const MODEL_NAME = prometheusLabel(attr.modelName);
const MODEL_VERSION = prometheusLabel(attr.modelVersion);

/** Whom the alert's summary names. */
export const SUBJECT_TEXT = {
  model: `{{ $labels.${MODEL_NAME} }} version {{ $labels.${MODEL_VERSION} }}`,
  process: "{{ $labels.job }} ({{ $labels.instance }})",
} as const;

/** Labels of the tests' series. */
export const TESTED = {
  model: { [MODEL_NAME]: "flight-delay", [MODEL_VERSION]: "1" },
  process: { job: "flight-delay-service", instance: "a" },
} as const;

/** What most tests share. */
export const COMMON_TEST: Omit<AlertTest, "probes" | "labels" | "value"> = {
  warmUpMinutes: 20,
  badMinutes: 40,
  upAfterMinutes: 12,
  downAfterMinutes: 25,
  flapMinutes: 2,
  flapping: "quiet",
  silence: "quiet",
  stepMinutes: 1,
};

/** The details of an alert that shows its rule's own value. */
export function valueDetails(format: ValueFormat, threshold: Threshold | string, cause: string): AlertDetails {
  return { kind: "value", format, threshold, cause };
}

/** A series of the tests, by its definition or its name in Prometheus. */
export function probe(
  metric: MetricDefinition | string,
  labels: Readonly<Record<string, string>>,
  values: Omit<Probe, "series">,
): Probe {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return { series: `${typeof metric === "string" ? metric : prometheusName(metric)}{${pairs.join(", ")}}`, ...values };
}
