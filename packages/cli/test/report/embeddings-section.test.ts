import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { embeddingsSection } from "../../src/report/embeddings-section.ts";
import type { ReportModel } from "../../src/report/report-data.ts";
import { windowAxis } from "../../src/report/window-axis.ts";
import { measured } from "./measured.ts";

const TARGET = { kind: "embedding", name: "text" } as const;
const verdict = (day: number, parts: Partial<Measurement>) =>
  measured(day, { target: TARGET, attributes: { "ml.drift.reading": "window" }, ...parts });
const ok = verdict(0, { state: "ok" });

function textOf(measurements: readonly Measurement[]): string {
  return embeddingsSection({ measurements } as unknown as ReportModel, windowAxis(measurements))?.text ?? "";
}

test("windows without a change are counted; without a vector feature there is no section", () => {
  assert.match(textOf([ok]), /In one window the vectors of text lay where the reference/);
  assert.equal(textOf([measured(0, { state: "ok", attributes: { "ml.drift.reading": "window" } })]), "");
});

test("a change says what changed, beside the shift of the centroid with its interval", () => {
  const note = "the mean vector moved by 0.8 of the reference's spread; 3 of 42 directions carry it";
  const critical = verdict(1, { value: 12, state: "critical", evidence: { numbers: {}, note, bins: null } });
  const shift = measured(1, {
    target: TARGET,
    metric: "ml.drift.centroid_shift",
    value: 0.8,
    lower: 0.7,
    upper: 0.9,
    evidence: { numbers: { cosine: 0.9, usual: 0.05 }, note: "", bins: null },
  });
  const text = textOf([ok, critical, shift]);
  assert.match(text, /3 of 42 directions carry it/);
  assert.match(text, /text: shift of the centroid/);
  assert.match(text, /0\.700/);
});
