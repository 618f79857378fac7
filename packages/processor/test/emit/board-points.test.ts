import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { boardPoints } from "../../src/emit/board-points.ts";
import type { EmittedPoint } from "../../src/emit/emitted-point.ts";
import { sampleMeasurement } from "../evaluate/sample-measurement.ts";

function pointsOf(...measurements: readonly Measurement[]): EmittedPoint[] {
  const { tenant, model, version, role } = sampleMeasurement();
  const window = { name: "24h", startMs: 0, endMs: 86_400_000 };
  return boardPoints([{ key: { tenant, model, version, role }, window, measurements }]);
}

function named(points: readonly EmittedPoint[], name: string): EmittedPoint[] {
  return points.filter((point) => point.metric.name === name);
}

test("a verdict is one series a state, 1 for the current one", () => {
  const status = named(pointsOf(sampleMeasurement({ state: "critical" })), metric.monitorStatus);
  assert.deepEqual(Object.fromEntries(status.map((point) => [point.attributes["ml.monitor.state"], point.value])), {
    ok: 0,
    warning: 0,
    critical: 1,
    insufficient_data: 0,
    no_data: 0,
  });
  assert.equal(status[0]!.attributes["ml.feature.name"], "distance");
  assert.equal(status[0]!.attributes["ml.monitor.target"], "distance");
});

test("single drift methods and bin shares are shown for the ten worst targets, severity for all", () => {
  const bins = { labels: ["low", "high"], window: [0.2, 0.8], reference: [0.5, 0.5] };
  const features = Array.from({ length: 12 }, (_, index) => ({ kind: "feature" as const, name: `f${index}` }));
  const points = pointsOf(
    ...features.flatMap((target, index) => [
      sampleMeasurement({ target, value: index, evidence: { numbers: {}, note: "", bins } }),
      sampleMeasurement({ target, metric: metric.driftPsi, value: 0.1, state: null }),
    ]),
  );
  assert.equal(named(points, metric.driftSeverity).length, 12);
  assert.equal(named(points, metric.driftPsi).length, 10);
  assert.equal(named(points, metric.windowBinShare).length, 10 * 4);
  const shown = named(points, metric.driftPsi).map((point) => point.attributes["ml.feature.name"]);
  assert.ok(!shown.includes("f0") && !shown.includes("f1"));
});

test("a score is shown with its bounds, where they exist", () => {
  const score = { signal: "performance", target: { kind: "prediction", name: "roc_auc" } } as const;
  const attributes = { "ml.estimate.source": "realized" };
  const points = pointsOf(
    sampleMeasurement({ ...score, metric: metric.performanceRocAuc, attributes, value: 0.8, lower: 0.7, upper: null }),
  );
  assert.deepEqual(
    named(points, metric.performanceRocAuc).map(({ attributes: { "ml.estimate.bound": bound }, value }) => [
      bound,
      value,
    ]),
    [
      ["point", 0.8],
      ["lower", 0.7],
    ],
  );
});

test("a data-quality share of zero and a value that does not exist are no series", () => {
  const share = { signal: "data_quality", metric: metric.dataQualityShare } as const;
  const points = pointsOf(sampleMeasurement({ ...share, value: 0 }), sampleMeasurement({ value: null }));
  assert.deepEqual(named(points, metric.dataQualityShare), []);
  assert.deepEqual(named(points, metric.driftSeverity), []);
});
