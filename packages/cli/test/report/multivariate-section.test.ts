import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { multivariateSection } from "../../src/report/multivariate-section.ts";
import type { ReportModel } from "../../src/report/report-data.ts";
import { windowAxis } from "../../src/report/window-axis.ts";
import { measured } from "./measured.ts";

const windowReading = { attributes: { "ml.drift.reading": "window" } };
const ok = measured(0, { ...windowReading, state: "ok" });

function textOf(measurements: readonly Measurement[], continuous: readonly Measurement[] = []): string {
  return (
    multivariateSection({ measurements, continuous } as unknown as ReportModel, windowAxis(measurements))?.text ?? ""
  );
}

test("windows without a change are counted; without a verdict there is no section", () => {
  assert.match(textOf([ok]), /In one window the features moved together as in the reference/);
  assert.equal(textOf([measured(0, { target: { kind: "feature", name: "distance" }, state: "ok" })]), "");
});

test("a change says what changed, and the newest correlations and errors stand beside their reference", () => {
  const note = "changed most along air_time - distance; air_time and distance had a correlation of 0.98, now 0.1";
  const critical = measured(1, {
    ...windowReading,
    value: 12,
    state: "critical",
    evidence: { numbers: {}, note, bins: null },
  });
  const error = measured(1, {
    metric: "ml.drift.reconstruction_error",
    value: 0.9,
    lower: 0.85,
    upper: 0.95,
    evidence: { numbers: { reference: 0.6 }, note: "", bins: null },
  });
  const pair = measured(1, {
    signal: "data_quality",
    target: { kind: "dataset", name: "air_time ~ distance" },
    metric: "ml.data_quality.correlation",
    value: 0.1,
    lower: 0.05,
    upper: 0.15,
    state: "critical",
    evidence: { numbers: { reference: 0.98 }, note: "moved together", bins: null },
  });
  const text = textOf([ok, critical, error, pair]);
  assert.match(text, /had a correlation of 0\.98, now 0\.1/);
  assert.match(
    text,
    /<th scope="row">air_time ~ distance<\/th><td>0\.100<\/td><td>0\.050 – 0\.150<\/td><td>0\.980<\/td>/,
  );
  assert.match(text, /Reconstruction error/);
});

test("what all windows together say stands beside the single ones, from the shortest windows where others are shown", () => {
  const note = "gathered most along air_time - distance";
  const stream = measured(1, {
    attributes: { "ml.drift.reading": "stream" },
    state: "critical",
    evidence: { numbers: {}, note, bins: null },
  });
  for (const text of [textOf([ok, stream]), textOf([ok], [stream])]) {
    assert.match(text, /In one window the features moved together/);
    assert.match(text, /Over all windows so far:.*critical.*gathered most along air_time - distance/);
  }
  assert.doesNotMatch(textOf([ok]), /Over all windows/);
});
