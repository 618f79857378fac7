import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile, VarietyCurve } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { type DistinctCounts, type Finding, judgeAggregate, longestVaried } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

const point = (rows: number, distinct: number, deviation = 0.02) => ({
  ...{ rows, blocks: 64, growth: { mean: 0.02, deviation: 0.01, largest: 0.05 } },
  distinct: {
    ...{ mean: Math.log(distinct), deviation },
    ...{ smallest: Math.log(distinct * 0.95), largest: Math.log(distinct * 1.05) },
  },
});
const CURVE: VarietyCurve = [point(64, 50), point(256, 120), point(1_024, 200)];
const plain = profileOf(drawRows(81, 5_000));
const rows = drawRows(82, 1_000);

type Stretch = readonly [rows: number, distinct: number, weighted?: number];

function judge(stretches: readonly Stretch[], { curve = CURVE, allowed = 0, missing = false } = {}): Finding {
  const profile: Profile = {
    ...plain,
    fields: plain.fields.map((field) => (field.name === "distance" ? { ...field, variety: curve } : field)),
  };
  const distinct: DistinctCounts = {
    stretches: stretches.map(([size, , weighted = size]) => ({ rows: size, weighted })),
    features: { distance: stretches.map(([, count]) => count) },
  };
  const held = missing ? rows.map((row, at) => (at % 2 === 0 ? { ...row, distance: null } : row)) : rows;
  const context = contextOf(profile, { quality: { allowed: { distance: { cardinality: allowed } } } });
  return judgeAggregate(aggregateOf(held, profile, { distinct }), context).data_quality.find(
    ({ attributes }) => attributes[attr.qualityRule] === "cardinality",
  )!;
}

test("half of the distinct values gone, or twice as many, is critical; what chance brings is in order", () => {
  const f = (stretch: Stretch, want: Finding["state"], options = {}) => {
    const finding = judge([stretch], options);
    assert.equal(finding.state, want, JSON.stringify(finding));
  };
  f([1_024, 200], "ok");
  f([1_024, 185], "ok");
  f([1_024, 215], "ok");
  f([1_024, 165], "warning");
  f([1_024, 240], "warning");
  f([1_024, 100], "critical");
  f([1_024, 1_000], "critical");
  f([1_024, 100], "ok", { allowed: 0.6 });
  f([40, 2], "insufficient_data");
});

test("the share is what is lost of the reference's values, or in excess of the window's", () => {
  const [fewer, more] = [judge([[1_024, 50]]), judge([[1_024, 800]])];
  assert.ok(Math.abs(fewer.value! - 0.75) < 1e-9 && Math.abs(more.value! - 0.75) < 1e-9);
  assert.ok(fewer.lower! < 0.75 && fewer.upper! > 0.75);
  assert.match(fewer.evidence.note, /^50 distinct values in 1024 rows, 200 in as many of the reference; .* fewer$/);
  assert.match(more.evidence.note, /more$/);
});

test("between the lengths of the curve the number is interpolated, beyond them bounded", () => {
  const middle = judge([[128, 60]]);
  assert.ok(Math.abs(middle.evidence.numbers["expected"]! - Math.sqrt(50 * 120)) < 1e-9);
  const short = judge([[32, 24]]).evidence.numbers["expected"]!;
  assert.ok(Math.abs(short - 25) < 1e-9, "no fewer than in proportion to the rows");
  assert.equal(judge([[4_096, 700]]).state, "ok", "four times the rows have at most four times the values");
  assert.equal(judge([[4_096, 200]]).state, "ok", "and at least as many");
  assert.equal(judge([[4_096, 100]]).state, "critical");
});

test("sampled records may have as many values as all rows that they stand for", () => {
  assert.equal(judge([[256, 200]]).state, "critical");
  assert.equal(judge([[256, 200, 1_024]]).state, "ok");
  assert.equal(judge([[256, 60, 1_024]]).state, "critical");
});

test("rows without a value do not count, and all of them are one value at most", () => {
  assert.equal(judge([[512, 120]], { missing: true }).state, "ok");
  assert.ok(judge([[512, 120]]).value! > 0.2, "of as many values it would be too few");
});

test("stretches count by their rows", () => {
  const one = judge([[1_024, 100]]).value!;
  const both = judge([
    [1_024, 100],
    [1_024, 200],
  ]).value!;
  assert.ok(Math.abs(both - (1 - Math.sqrt(1 - one))) < 1e-9, "the mean of logarithms");
});

test("a value more or less of a handful proves nothing", () => {
  const curve = [point(64, 3, 0.001), point(1_024, 4, 0.001)];
  assert.equal(judge([[1_024, 2]], { curve }).state, "ok");
  assert.equal(judge([[1_024, 12]], { curve }).state, "critical");
});

test("the longest stretch is that of the feature with most values", () => {
  assert.equal(longestVaried({ ...plain, fields: plain.fields.map((field) => ({ ...field, variety: CURVE })) }), 1_024);
  assert.equal(longestVaried(plain), 0);
});
