import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile, RepeatCurve } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { type DuplicateCounts, type Finding, longestStretch, signals } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

const quality = signals.find((signal) => signal.name === "data_quality")!;
const rows = drawRows(31, 1_000);
const plain = profileOf(rows);

const CURVE: RepeatCurve = [
  { rows: 64, blocks: 160, mean: 0.01, deviation: 0.004, largest: 0.03 },
  { rows: 256, blocks: 40, mean: 0.03, deviation: 0.006, largest: 0.045 },
  { rows: 1_024, blocks: 10, mean: 0.05, deviation: 0.01, largest: 0.06 },
  { rows: 4_096, blocks: 2, mean: 0.07, deviation: 0.001, largest: 0.071 },
];

function judge(counts: DuplicateCounts, curve: RepeatCurve = CURVE, allowed = 0): Finding {
  const profile: Profile = { ...plain, duplicates: curve };
  const context = contextOf(profile, { quality: { allowed: { rows: { duplicate: allowed } } } });
  const findings = quality.judge(aggregateOf(rows, profile, { duplicates: counts }), context);
  return findings.find(({ attributes }) => attributes[attr.qualityRule] === "duplicate")!;
}

const one = (size: number, repeats: number): DuplicateCounts => ({
  stretches: [{ rows: size, repeats }],
  most: repeats === 0 ? null : { times: 2, id: "p-1" },
});

test("a window is held against stretches of the reference that have as many rows", () => {
  const f = (size: number, repeats: number, want: Finding["state"], allowed = 0) => {
    const finding = judge(one(size, repeats), CURVE, allowed);
    assert.equal(finding.state, want, `${repeats} of ${size}: ${JSON.stringify(finding)}`);
  };
  f(1_024, 51, "ok");
  f(1_024, 0, "ok");
  f(256, 13, "ok");
  f(1_024, 200, "warning");
  f(1_024, 200, "ok", 0.3);
  f(1_024, 400, "critical");
  f(40, 40, "insufficient_data");
  f(60, 1, "ok");
});

test("the line lies between the lengths that the curve knows, and keeps their spread where longer blocks are few", () => {
  const [short, middle, long] = [64, 128, 256].map((size) => judge(one(size, 0)).threshold!);
  assert.ok(short! < middle! && middle! < long!, `${short} ${middle} ${long}`);
  assert.ok(Math.abs(middle! - (short! + long!) / 2) < 1e-12, "half way in log(rows)");
  const many = judge(one(4_096, 0));
  assert.equal(many.evidence.numbers["referenceShare"], 0.07);
  assert.ok(many.threshold! > 0.1, `two blocks that happen to agree prove no small spread: ${many.threshold}`);
  assert.equal(judge(one(100_000, 0)).threshold, many.threshold);
  assert.equal(longestStretch(CURVE), 1_024);
});

test("stretches count by their rows, and the row that came most often is named", () => {
  const finding = judge({
    stretches: [
      { rows: 1_024, repeats: 52 },
      { rows: 256, repeats: 150 },
    ],
    most: { times: 140, id: "p-77" },
  });
  assert.deepEqual([finding.count, finding.evidence.numbers["violations"], finding.state], [1_280, 202, "warning"]);
  assert.equal(finding.value, 202 / 1_280);
  assert.ok(Math.abs(finding.evidence.numbers["referenceShare"]! - (1_024 * 0.05 + 256 * 0.03) / 1_280) < 1e-12);
  assert.match(finding.evidence.note, /one row came 140 times, the first as p-77/);
  assert.deepEqual(finding.target, { kind: "dataset", name: "rows" });
});

test("a reference of rows that never repeat leaves one percentage point", () => {
  const unique = [64, 128, 256].map((size) => ({ rows: size, blocks: 9, mean: 0, deviation: 0, largest: 0 }));
  assert.equal(judge(one(256, 2), unique).state, "ok");
  assert.equal(judge(one(256, 12), unique).state, "warning");
  assert.equal(judge(one(256, 2), unique).threshold, 0.01);
});
