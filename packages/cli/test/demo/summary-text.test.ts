import assert from "node:assert/strict";
import { test } from "node:test";
import type { DemoSummary, IncidentRow } from "../../src/demo/demo-summary.ts";
import { summaryText } from "../../src/demo/summary-text.ts";

const ROW: IncidentRow = {
  incidentId: "a",
  window: "7d",
  signal: "drift",
  targetKind: "feature",
  target: "distance",
  state: "warning",
  windowStart: "2001-04-30T00:00:00.000Z",
  windowEnd: "2001-05-07T00:00:00.000Z",
  firstCause: { kind: "unit_change", target: "distance" },
  metric: "ml.drift.severity",
  value: 0.7,
  threshold: 1,
  evidence: {},
};

const SUMMARY: DemoSummary = {
  predictions: 314_906,
  outcomes: 314_900,
  predictionsPerSecond: 24_000.4,
  seconds: 13.12,
  ingestSeconds: 10,
  totalSeconds: 31,
  profileId: "sha256:0",
  weekly: [
    {
      start: "2001-01-01T00:00:00.000Z",
      predictions: 11_900,
      coverage: 1,
      accuracy: 0.71234,
      f1: null,
      rocAuc: 0.7,
      logLoss: 0.45,
      brier: 0.15,
      lateShare: 0.265,
    },
  ],
  incidents: [],
};

test("a week is a row, and a score that does not exist is a dash", () => {
  const row = summaryText(SUMMARY).find((line) => line.startsWith("2001-01-01"));
  const cells = row?.split(/ {2,}/);
  assert.deepEqual(cells, ["2001-01-01", "11,900", "100.0 %", "26.5 %", "0.7123", "-", "0.7000", "0.4500", "0.1500"]);
});

test("an incident is one line: what, how bad at its worst, from when to when, and why", () => {
  const later = { ...ROW, state: "critical", windowStart: ROW.windowEnd, windowEnd: "2001-05-14T00:00:00.000Z" };
  assert.ok(
    summaryText({ ...SUMMARY, incidents: [ROW, later] }).includes(
      "  drift of distance: critical from 2001-04-30 to 2001-05-14 (2 windows), first cause unit_change of distance",
    ),
  );
  assert.ok(summaryText(SUMMARY).some((line) => line.startsWith("No incident")));
});

test("incidents in shorter windows are counted, not listed", () => {
  const daily = { ...ROW, incidentId: "b", window: "24h" };
  const text = summaryText({ ...SUMMARY, incidents: [ROW, daily] });
  assert.ok(text.includes("Incidents in weekly windows (and 1 in shorter ones, see the report)"));
  assert.equal(text.filter((line) => line.includes("drift of distance")).length, 1);
});

test("throughput is printed with what it counts", () => {
  assert.deepEqual(summaryText(SUMMARY).slice(-3), [
    "314,906 predictions and 314,900 outcomes:",
    "  stored in 10.0 s, 31,491 predictions/s",
    "  judged in 13.1 s, 24,002 predictions/s",
  ]);
});
