import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import { type AttributionSums, type Finding, findFirstCause, judgeAggregate } from "@tidemark/signals";
import { createRandom } from "../support/random.ts";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

const reference = drawRows(51, 20_000);
const rows = drawRows(52, 3_000);
const importances = { distance: 3, origin: 1 };
const profile: Profile = { ...profileOf(reference), importances };

/** Sums of `count` rows whose attributions scatter around the given sizes, in twenty parts. */
function sumsOf(sizes: Readonly<Record<string, number>>, count = 2_000, seed = 7): AttributionSums {
  const random = createRandom(seed);
  const parts: Record<string, number>[] = Array.from({ length: 20 }, () => ({}));
  for (let row = 0; row < count; row++) {
    const part = parts[row % 20]!;
    for (const [name, size] of Object.entries(sizes)) part[name] = (part[name] ?? 0) + size * 2 * random();
  }
  return { rows: count, parts };
}

function judge(attributions: AttributionSums | undefined, by: Profile = profile): readonly Finding[] {
  const aggregate = { ...aggregateOf(rows, by), ...(attributions === undefined ? {} : { attributions }) };
  return judgeAggregate(aggregate, contextOf(by)).attribution;
}

const found = (findings: readonly Finding[], metric: string, name: string) =>
  findings.find((finding) => finding.metric === metric && finding.target.name === name)!;

test("attributions as in the reference are ok, their shares add up to 1 and hold the truth in their intervals", () => {
  const findings = judge(sumsOf({ distance: 30, origin: 10 }));
  const share = found(findings, "ml.attribution.importance", "distance");
  const other = found(findings, "ml.attribution.importance", "origin");
  assert.ok(Math.abs(share.value! + other.value! - 1) < 1e-12);
  assert.ok(share.lower! < 0.75 && 0.75 < share.upper!, `${share.lower} ${share.upper}`);
  assert.ok(share.upper! - share.lower! < 0.04);
  assert.equal(share.state, null);
  assert.equal(found(findings, "ml.attribution.drift", "ranking").value, 0);
  assert.deepEqual(
    findings.filter(({ state }) => state !== null).map(({ state }) => state),
    ["ok", "ok", "ok"],
  );
});

test("a ranking turned round is 1 - NDCG away and critical, and each share's change has its sign", () => {
  const findings = judge(sumsOf({ distance: 10, origin: 30 }));
  const drift = found(findings, "ml.attribution.drift", "ranking");
  // Gains 0.25 and 0.75 at places 1 and 2, against 0.75 and 0.25.
  const discount = 1 / Math.log2(3);
  assert.ok(Math.abs(drift.value! - (1 - (0.25 + 0.75 * discount) / (0.75 + 0.25 * discount))) < 1e-12);
  assert.equal(drift.state, "critical");
  const change = found(findings, "ml.attribution.change", "distance");
  assert.ok(change.value! < -0.45 && change.upper! < -0.2);
  assert.equal(change.state, "critical");
  assert.ok(found(findings, "ml.attribution.change", "origin").value! > 0.45);
});

test("nothing is judged on few rows, without importances, or without attributions", () => {
  const few = judge(sumsOf({ distance: 10, origin: 30 }, 40));
  assert.equal(found(few, "ml.attribution.drift", "ranking").state, "insufficient_data");
  const described = judge(sumsOf({ distance: 10, origin: 30 }), profileOf(reference));
  assert.ok(described.every(({ metric, state }) => metric === "ml.attribution.importance" && state === null));
  assert.equal(described.length, 2);
  assert.deepEqual(judge(undefined), []);
  assert.deepEqual(judge(sumsOf({ distance: 0, origin: 0 })), []);
});

test("a missing feature of importance is a level higher and the first cause before a wider fault", () => {
  const blanked = rows.map((row, index) => ({
    ...row,
    distance: index % 80 === 0 ? null : row.distance,
    origin: index % 4 === 0 ? null : row.origin,
  }));
  const causeBy = (by: Profile) => {
    const aggregate = aggregateOf(blanked, by);
    const findings = judgeAggregate(aggregate, contextOf(by));
    const missing = findings.data_quality.find(
      ({ target, attributes }) => target.name === "distance" && attributes["ml.data_quality.rule"] === "missing",
    )!;
    return { cause: findFirstCause(aggregate, findings, contextOf(by))!, missing };
  };
  const plain = causeBy(profileOf(reference));
  assert.deepEqual([plain.cause.kind, plain.cause.target], ["nulls", "origin"]);
  const weighed = causeBy(profile);
  assert.deepEqual([weighed.cause.kind, weighed.cause.target], ["nulls", "distance"]);
  assert.equal(plain.missing.state, "warning");
  assert.equal(weighed.missing.state, "critical");
  assert.match(weighed.missing.evidence.note, /one level higher/);
});
