import assert from "node:assert/strict";
import { test } from "node:test";
import { attributes, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { everyExpression } from "../support/expressions.ts";
import { promqlNames } from "../support/promql-names.ts";

const METRICS = new Set(Object.values(metrics).map(prometheusName));
/** What Prometheus adds to every series by itself. */
const LABELS = new Set([...Object.values(attributes).map(({ name }) => prometheusLabel(name)), "instance", "job"]);

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
    assert.notEqual(names.metrics.length, 0, text);
    for (const metric of names.metrics) assert.ok(METRICS.has(metric), `${metric} is no metric of semconv: ${text}`);
    for (const label of names.labels) assert.ok(LABELS.has(label), `${label} is no attribute of semconv: ${text}`);
  });
}
