import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile, VarietyCurve } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { type Finding, findFirstCause, judgeAggregate, type RepeatedValue, stuckBins } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf, type Row } from "../support/synthetic.ts";

const CURVE: VarietyCurve = [
  { rows: 64, mean: 0.04, deviation: 0.01, largest: 0.09 },
  { rows: 1_024, mean: 0.01, deviation: 0.003, largest: 0.02 },
].map(({ rows, ...growth }) => ({
  ...{ rows, blocks: 200, growth },
  distinct: { mean: 4, deviation: 0.05, smallest: 3.8, largest: 4.1 },
}));
const reference = drawRows(71, 20_000);
const profile = varied(profileOf(reference));
const rows = drawRows(72, 2_000);

function varied(plain: Profile, curve = CURVE): Profile {
  return { ...plain, fields: plain.fields.map((field) => ({ ...field, variety: curve })) };
}

/** As the store reads it: the most common distance of each bin that has grown. */
function repeatedIn(changed: readonly Row[], of: Profile): RepeatedValue[] {
  const field = of.fields.find(({ name }) => name === "distance")!;
  const counts = aggregateOf(changed, of).fields.find(({ name }) => name === "distance")!;
  assert.ok(field.kind === "numeric");
  return (stuckBins(of, field, counts)?.suspects ?? []).map(({ bin }) => {
    const inBin = changed
      .map(({ distance }) => distance!)
      .filter((value) => value > field.boundaries[bin - 1]! && value <= field.boundaries[bin]!);
    const times = [...Map.groupBy(inBin, (value) => value)].map(([value, same]) => ({ value, times: same.length }));
    const most = times.reduce((a, b) => (b.times > a.times ? b : a));
    return { name: "distance", bin, value: most.value, share: most.times / inBin.length };
  });
}

function judge(changed: readonly Row[], { of = profile, allowed = 0, told = true } = {}): Finding | undefined {
  const context = contextOf(of, { quality: { allowed: { distance: { stuck: allowed } } } });
  const aggregate = aggregateOf(changed, of, told ? { repeated: repeatedIn(changed, of) } : {});
  return judgeAggregate(aggregate, context).data_quality.find(
    ({ target, attributes }) => target.name === "distance" && attributes[attr.qualityRule] === "stuck",
  );
}

const stuck = (every: number, distance = 701.5) =>
  rows.map((row, index) => (index % every === 0 ? { ...row, distance } : row));

test("a value that holds five points more of the rows than it ever did warns, fifteen are critical", () => {
  const f = (changed: readonly Row[], want: Finding["state"], allowed = 0) => {
    const finding = judge(changed, { allowed });
    assert.equal(finding?.state, want, JSON.stringify(finding));
  };
  f(rows, "ok");
  f(stuck(50), "ok");
  f(stuck(10), "warning");
  f(stuck(10), "ok", 0.2);
  f(stuck(3), "critical");
  f(stuck(1), "critical");
  f(stuck(3).slice(0, 40), "insufficient_data");
});

test("the value is named with its share, and stretches of few rows may vary more", () => {
  const found = judge(stuck(5))!;
  assert.ok(Math.abs(found.value! - 0.2) < 1e-9, `${found.value}`);
  assert.match(found.evidence.note, /^701\.5; warns above/);
  assert.equal(found.evidence.numbers["repeated"], 701.5);
  assert.ok(judge(rows.slice(0, 64))!.threshold! > judge(rows)!.threshold! + 0.03);
});

test("a bin full of different values is not stuck, and without records nothing is said of it", () => {
  const crowded = rows.map((row, index) => (index % 3 === 0 ? { ...row, distance: 700 + (index % 30) / 100 } : row));
  const found = judge(crowded)!;
  assert.equal(found.state, "ok");
  assert.ok(found.value! < 0.1, `${found.value}`);
  assert.equal(judge(crowded, { told: false }), undefined);
  assert.equal(judge(rows, { told: false })!.state, "ok", "the bins alone show that nothing grew");
});

test("a profile that does not know how shares vary judges nothing, nor a feature of few values", () => {
  assert.equal(judge(stuck(3), { of: profileOf(reference) }), undefined);
  const rules = judgeAggregate(aggregateOf(rows, profile), contextOf(profile)).data_quality;
  const judged = rules.filter(({ attributes }) => attributes[attr.qualityRule] === "stuck");
  assert.deepEqual(
    judged.map(({ target }) => target.name),
    ["distance"],
  );
});

test("a tenth of the rows that repeat one reading are named as the first cause", () => {
  const changed = stuck(10);
  const context = contextOf(profile);
  const aggregate = aggregateOf(changed, profile, { repeated: repeatedIn(changed, profile) });
  const cause = findFirstCause(aggregate, judgeAggregate(aggregate, context), context)!;
  assert.deepEqual([cause.kind, cause.target], ["stuck", "distance"], cause.explanation);
  assert.match(cause.explanation, /^10 % of the values of distance are 701\.5, /);
});
