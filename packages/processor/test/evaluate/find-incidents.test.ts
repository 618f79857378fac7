import assert from "node:assert/strict";
import { test } from "node:test";
import { incidentSchema, type Measurement } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { findIncidents } from "../../src/evaluate/find-incidents.ts";
import { firstCauseFinding } from "../../src/evaluate/first-cause-row.ts";
import { sampleMeasurement, sampleWindow } from "./sample-measurement.ts";

/** One verdict a day. */
function days(...states: readonly MonitorState[]): Measurement[] {
  return states.map((state, day) => sampleMeasurement({ state, window: sampleWindow(day) }));
}

function causeAt(day: number, kind: "unit_change" | "covariate_shift", target: string): Measurement {
  const finding = firstCauseFinding({ kind, target, explanation: `${target} changed` }, 100);
  return sampleMeasurement({ ...finding, window: sampleWindow(day) });
}

test("runs of bad windows are incidents; the one that reaches the newest window is open", () => {
  const incidents = findIncidents(days("ok", "warning", "critical", "ok", "no_data"));
  assert.deepEqual(
    incidents.map(({ state, open, windows }) => ({ state, open, windows: windows.length })),
    [
      { state: "critical", open: false, windows: 2 },
      { state: "no_data", open: true, windows: 1 },
    ],
  );
  for (const incident of incidents) incidentSchema.parse(incident);
});

test("a window with too little data neither ends an incident nor belongs to it", () => {
  const [incident, ...others] = findIncidents(days("critical", "insufficient_data", "critical"));
  assert.deepEqual(others, []);
  assert.equal(incident!.windows.length, 2);
});

test("the first cause is that of the first window that has one", () => {
  const causes = [causeAt(1, "unit_change", "distance"), causeAt(2, "covariate_shift", "origin")];
  const [incident] = findIncidents([...days("ok", "critical", "critical"), ...causes]);
  assert.deepEqual(incident!.firstCause, { kind: "unit_change", target: "distance", explanation: "distance changed" });
});

test("without a known pattern the cause is unknown", () => {
  assert.equal(findIncidents(days("warning"))[0]!.firstCause.kind, "unknown");
});

test("windows of other lengths, signals and targets make incidents of their own", () => {
  const week = { ...sampleWindow(0), name: "7d" };
  const incidents = findIncidents([
    ...days("critical"),
    sampleMeasurement({ state: "critical", window: week }),
    sampleMeasurement({ state: "critical", signal: "data_quality", metric: "ml.data_quality.share" }),
    sampleMeasurement({ state: "critical", target: { kind: "feature", name: "origin" } }),
  ]);
  assert.equal(incidents.length, 4);
  assert.equal(new Set(incidents.map((incident) => incident.id)).size, 4);
});

test("of several verdicts on one target in one window the worst counts", () => {
  const rule = (name: string, state: MonitorState) =>
    sampleMeasurement({ signal: "data_quality", attributes: { "ml.data_quality.rule": name }, state });
  const incidents = findIncidents([rule("missing", "warning"), rule("type_mismatch", "critical")]);
  assert.deepEqual(
    incidents.map(({ state, windows }) => [state, windows.length]),
    [["critical", 1]],
  );
});

test("the order of the measurements does not matter", () => {
  const measurements = [...days("ok", "critical", "warning"), causeAt(1, "unit_change", "distance")];
  assert.deepEqual(findIncidents(measurements.toReversed()), findIncidents(measurements));
});
