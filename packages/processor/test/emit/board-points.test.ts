import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { metric, metrics } from "@tidemark/semconv";
import { boardPoints } from "../../src/emit/board-points.ts";
import type { EmittedPoint } from "../../src/emit/emitted-point.ts";
import { firstCauseFinding } from "../../src/evaluate/first-cause-row.ts";
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

test("a verdict brings its value and its line, under the status' labels", () => {
  const points = pointsOf(sampleMeasurement({ state: "critical", value: 1.5, threshold: 1 }));
  for (const [name, value] of [
    [metric.monitorValue, 1.5],
    [metric.monitorThreshold, 1],
  ] as const) {
    const [point] = named(points, name);
    assert.equal(point!.value, value);
    const { "ml.monitor.state": _, ...labels } = named(points, metric.monitorStatus)[0]!.attributes;
    assert.deepEqual(point!.attributes, labels);
  }
  const unknown = pointsOf(sampleMeasurement({ state: "no_data", value: null, threshold: null }));
  assert.deepEqual([...named(unknown, metric.monitorValue), ...named(unknown, metric.monitorThreshold)], []);
});

test("a window tells its first cause, and what its verdicts rest on", () => {
  const cause = firstCauseFinding({ kind: "unit_change", target: "distance", explanation: "1.609 times" }, 100);
  const points = pointsOf(sampleMeasurement({ state: "critical" }), { ...sampleMeasurement(), ...cause });
  const window = {
    "ml.model.name": "flight-delay",
    "ml.model.version": "1",
    "ml.deployment.role": "champion",
    "ml.window.name": "24h",
  };
  assert.deepEqual(named(points, metric.monitorCause), [
    {
      metric: metrics.monitorCause,
      attributes: { ...window, "ml.cause.kind": "unit_change", "ml.cause.target": "distance" },
      value: 1,
    },
  ]);
  assert.deepEqual(named(points, metric.monitorInfo), [
    {
      metric: metrics.monitorInfo,
      attributes: { ...window, "ml.profile.id": "sha256:p", "ml.monitor.config.id": "sha256:c" },
      value: 1,
    },
  ]);
});
