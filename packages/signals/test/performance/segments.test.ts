import assert from "node:assert/strict";
import { test } from "node:test";
import { attr, metric } from "@tidemark/semconv";
import { type Finding, type SegmentOutcomes, signals } from "@tidemark/signals";
import { createRandom } from "../support/random.ts";
import { aggregateOf, contextOf, drawRows, profileOf, type Row } from "../support/synthetic.ts";

const performance = signals.find((signal) => signal.name === "performance")!;
const profile = profileOf(drawRows(41, 2_000));

function segmentsOf(rows: readonly Row[]): SegmentOutcomes[] {
  return [...Map.groupBy(rows, (row) => row.origin!)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, own]) => ({ name: "origin", value, labelled: aggregateOf(own, profile).labelled }));
}

function judge(rows: readonly Row[], model: Record<string, unknown> = {}): Finding[] {
  return performance.judge(aggregateOf(rows, profile, { segments: segmentsOf(rows) }), contextOf(profile, model));
}

function gap(findings: readonly Finding[], score: string): Finding {
  return findings.find(
    (each) => each.metric === metric.fairnessDisparity && each.attributes[attr.performanceScore] === score,
  )!;
}

test("every segment with enough rows has its scores, and the gap names the two segments", () => {
  const rows = drawRows(42, 6_000).map((row) => (row.origin === "ORD" ? { ...row, outcome: row.label } : row));
  const findings = judge(rows);
  const accuracy = findings.filter(
    (each) => each.target.kind === "segment" && each.metric === metric.performanceAccuracy,
  );
  assert.deepEqual(
    accuracy.map((each) => each.attributes[attr.segmentValue]),
    ["ATL", "DEN", "DFW", "LAX", "ORD", "PHX"],
  );
  const found = gap(findings, "accuracy");
  assert.match(found.evidence.note, /^ORD 1, /);
  assert.ok(found.lower! > 0.1 && found.lower! < found.value! && found.value! < found.upper!);
  assert.equal(found.state, null);
  assert.equal(gap(judge(rows, { fairness: { tolerance: { critical: 0.1 } } }), "accuracy").state, "critical");
});

test("equal segments have a gap that includes zero in at least 95 of 100 draws", () => {
  let positive = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = createRandom(900 + seed);
    const rows = drawRows(500 + seed, 900).map((row) => ({ ...row, outcome: random() < 0.7 ? row.label : "other" }));
    const known = rows.map((row) => ({
      ...row,
      outcome: row.outcome === "other" ? (row.label === "late" ? "on_time" : "late") : row.outcome,
    }));
    if (gap(judge(known), "accuracy").lower! > 0) positive++;
  }
  assert.ok(positive <= 5, `${positive} of 100`);
});
