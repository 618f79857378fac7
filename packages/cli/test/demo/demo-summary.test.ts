import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incident, Measurement } from "@tidemark/schema";
import { incidentRows, weeklyRows } from "../../src/demo/demo-summary.ts";
import { aMeasurement } from "./a-measurement.ts";

const MAY_7 = { name: "7d", start: "2001-05-07T00:00:00.000Z", end: "2001-05-14T00:00:00.000Z" };
const APRIL_30 = { name: "7d", start: "2001-04-30T00:00:00.000Z", end: "2001-05-07T00:00:00.000Z" };

function described(metric: string, value: number | null, window = MAY_7): Measurement {
  return aMeasurement({ metric, value, window, state: null });
}

test("a week's row takes each score from the measurement of its metric, and null where there is none", () => {
  const rows = weeklyRows([
    described("ml.window.sample.count", 12_345),
    described("ml.outcome.coverage", 0.5),
    described("ml.performance.accuracy", 0.8),
    described("ml.performance.f1_score", 0.4),
    described("ml.performance.roc_auc", null),
    described("ml.performance.outcome_rate", 0.125),
    described("ml.performance.accuracy", 0.1, { ...MAY_7, name: "24h" }),
  ]);
  assert.deepEqual(rows, [
    {
      start: MAY_7.start,
      predictions: 12_345,
      coverage: 0.5,
      accuracy: 0.8,
      f1: 0.4,
      rocAuc: null,
      logLoss: null,
      brier: null,
      lateShare: 0.125,
    },
  ]);
});

test("what was estimated stands in no row: it tells what was measured", () => {
  const estimated = aMeasurement({
    metric: "ml.performance.accuracy",
    signal: "estimation",
    value: 0.9,
    window: MAY_7,
  });
  assert.equal(weeklyRows([estimated, described("ml.performance.accuracy", 0.8)])[0]?.accuracy, 0.8);
});

test("weeks come in the order of time", () => {
  const rows = weeklyRows([described("ml.window.sample.count", 2), described("ml.window.sample.count", 1, APRIL_30)]);
  assert.deepEqual(
    rows.map(({ start, predictions }) => [start, predictions]),
    [
      [APRIL_30.start, 1],
      [MAY_7.start, 2],
    ],
  );
});

test("an incident gives one row for each of its windows, with its first cause", () => {
  const incident: Incident = {
    id: "abc",
    tenant: "default",
    model: "flight-delay",
    version: "1",
    role: "champion",
    signal: "drift",
    target: { kind: "feature", name: "distance" },
    windowName: "7d",
    state: "critical",
    open: true,
    firstCause: { kind: "unit_change", target: "distance", explanation: "everything is 1.61 times as large" },
    windows: [aMeasurement({ window: APRIL_30, state: "warning", value: 0.7 }), aMeasurement()],
  };
  const rows = incidentRows([incident]);
  assert.deepEqual(
    rows.map(({ state, windowStart, windowEnd, value }) => ({ state, windowStart, windowEnd, value })),
    [
      { state: "warning", windowStart: APRIL_30.start, windowEnd: APRIL_30.end, value: 0.7 },
      { state: "critical", windowStart: MAY_7.start, windowEnd: MAY_7.end, value: 3.5 },
    ],
  );
  for (const row of rows) {
    assert.deepEqual(row.firstCause, { kind: "unit_change", target: "distance" });
    assert.deepEqual(
      [row.incidentId, row.window, row.signal, row.target, row.threshold],
      ["abc", "7d", "drift", "distance", 1],
    );
    assert.deepEqual(row.evidence, { logEvidence: 24 });
  }
});
