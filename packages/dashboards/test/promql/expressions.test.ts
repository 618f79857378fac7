import assert from "node:assert/strict";
import { test } from "node:test";
import { attributes, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { collectorMetrics } from "../../src/alerting/collector-metrics.ts";
import { recordingRules } from "../../src/alerting/recording-rules.ts";
import { everyExpression } from "../support/expressions.ts";
import { promqlNames } from "../support/promql-names.ts";

const SUFFIXES = ["", "_bucket", "_count", "_sum"];
const METRICS = new Set([
  ...Object.values(metrics).flatMap((metric) =>
    (metric.instrument === "histogram" ? SUFFIXES : [""]).map((suffix) => `${prometheusName(metric)}${suffix}`),
  ),
  ...recordingRules().map(({ record }) => record),
  ...Object.values(collectorMetrics).flatMap((names) => (typeof names === "string" ? [names] : Object.values(names))),
]);
/** What Prometheus, the Collector and our own recordings add. */
const LABELS = new Set([
  ...Object.values(attributes).map(({ name }) => prometheusLabel(name)),
  ...["instance", "job", "le", "week", "exporter", "receiver", "telemetry", "data_type", "severity", "type", "result"],
]);
/** Expressions that are true or a line whatever the series say. */
const CONSTANT = /^\(?vector\([\d.]+\)\)?$/;

test("the parser that the tests rely on sees errors, metrics and labels", () => {
  assert.notEqual(promqlNames("sum by (a) (x{b=}").errors.length, 0);
  const { metrics: found, labels } = promqlNames('max without (a) (rate(x{b="1", c=~"2"}[5m])) / on (d) y');
  assert.deepEqual(found, ["x", "y"]);
  assert.deepEqual(labels.toSorted(), ["a", "b", "c", "d"]);
});

for (const { place, text } of everyExpression()) {
  test(`${place}: valid PromQL that names only what the semantic conventions have`, () => {
    const names = promqlNames(text);
    assert.deepEqual(names.errors, [], text);
    assert.ok(names.metrics.length > 0 || CONSTANT.test(text), text);
    for (const metric of names.metrics) assert.ok(METRICS.has(metric), `${metric} is no metric of semconv: ${text}`);
    for (const label of names.labels) assert.ok(LABELS.has(label), `${label} is no attribute of semconv: ${text}`);
  });
}
