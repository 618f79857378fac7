import assert from "node:assert/strict";
import { test } from "node:test";
import type { FirstCause, Profile } from "@tidemark/schema";
import { findFirstCause, judgeAggregate, type WindowAggregate } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf, type Row } from "../support/synthetic.ts";

const reference = drawRows(51, 20_000);
const profiles: readonly Profile[] = [profileOf(reference), profileOf(reference, true)];
const rows = drawRows(52, 3_000);

function firstCause(profile: Profile, aggregate: WindowAggregate): FirstCause | null {
  const context = contextOf(profile);
  return findFirstCause(aggregate, judgeAggregate(aggregate, context), context);
}

function f(what: string, change: (row: Row, index: number) => Row, want: [FirstCause["kind"], string]): void {
  test(`${what} is called ${want[0]} of ${want[1]}`, () => {
    for (const profile of profiles) {
      const { kind, target, explanation } = firstCause(profile, aggregateOf(rows.map(change), profile))!;
      assert.deepEqual([kind, target], want, explanation);
      assert.match(explanation, /\d.*\.$/);
    }
  });
}

f("miles turned to kilometres", (row) => ({ ...row, distance: row.distance! * 1.609344 }), ["unit_change", "distance"]);
f("kilometres turned to miles", (row) => ({ ...row, distance: row.distance! / 1.609344 }), ["unit_change", "distance"]);
f("miles turned to feet by a quarter", (row) => ({ ...row, distance: row.distance! / 4 }), ["unit_change", "distance"]);
f("seconds turned to milliseconds", (row) => ({ ...row, distance: row.distance! * 1000 }), ["unit_change", "distance"]);
f("metres turned to kilometres", (row) => ({ ...row, distance: row.distance! / 1000 }), ["unit_change", "distance"]);
f("a tenth of the distances blanked", (row, index) => (index % 10 === 0 ? { ...row, distance: null } : row), [
  "nulls",
  "distance",
]);
f("a feed that repeats one distance", (row, index) => (index % 2 === 0 ? { ...row, distance: 700 } : row), [
  "stuck",
  "distance",
]);
f("an airport never seen", (row, index) => (index % 10 === 0 ? { ...row, origin: "XXX" } : row), [
  "new_category",
  "origin",
]);
f("flights from fewer airports", (row) => (row.origin === "ORD" ? { ...row, origin: "ATL" } : row), [
  "covariate_shift",
  "origin",
]);
f("outcomes turned round", (row) => ({ ...row, outcome: row.outcome === "late" ? "on_time" : "late" }), [
  "concept_shift",
  "accuracy",
]);
f(
  "a unit change that also moves the predictions",
  (row) => ({ ...row, distance: row.distance! * 1.609344, score: row.score ** 2 }),
  ["unit_change", "distance"],
);

test("fewer than 30 % of the expected predictions are called silence before anything else", () => {
  const profile = profiles[0]!;
  const aggregate = aggregateOf(rows.slice(0, 200), profile, { earlierPredictions: [3_000, 3_100, 2_900] });
  const cause = firstCause(profile, aggregate)!;
  assert.equal(cause.kind, "silence");
  assert.match(cause.explanation, /200 predictions where about 3000 were expected/);
});

test("a feature that stops coming is called silent, not drifting", () => {
  const profile = profiles[0]!;
  const whole = aggregateOf(rows, profile);
  const fields = whole.fields.filter((field) => field.name !== "distance");
  const cause = firstCause(profile, { ...whole, fields })!;
  assert.deepEqual([cause.kind, cause.target], ["silence", "distance"]);
  assert.match(cause.explanation, /3000 predictions came without/);
});

test("values of the wrong type are called a type change", () => {
  const profile = profiles[0]!;
  const whole = aggregateOf(rows, profile);
  const fields = whole.fields.map((field) =>
    field.name === "distance" ? { ...field, states: { ...field.states, valid: 2_700, type_mismatch: 300 } } : field,
  );
  const cause = firstCause(profile, { ...whole, fields })!;
  assert.deepEqual([cause.kind, cause.target], ["type_change", "distance"]);
});

test("of two faults the one that touches more rows is named", () => {
  const profile = profiles[0]!;
  const both = (every: number, factor: number) => (row: Row, index: number) => ({
    ...row,
    origin: index % every === 0 ? null : row.origin,
    distance: row.distance! * factor,
  });
  const named = (change: (row: Row, index: number) => Row) => {
    const cause = firstCause(profile, aggregateOf(rows.map(change), profile))!;
    return [cause.kind, cause.target];
  };
  assert.deepEqual(named(both(10, 1.609344)), ["unit_change", "distance"]);
  assert.deepEqual(named(both(10, 1)), ["nulls", "origin"]);
});

test("what is critical is explained before what only warns", () => {
  const profile = profiles[0]!;
  const aggregate = aggregateOf(
    rows.map((row, index) => ({
      ...row,
      origin: row.origin === "ORD" ? "ATL" : row.origin,
      distance: index % 90 === 0 ? null : row.distance,
    })),
    profile,
  );
  const context = contextOf(profile);
  const findings = judgeAggregate(aggregate, context);
  const missing = findings.data_quality.find((finding) => finding.state === "warning");
  assert.equal(missing?.target.name, "distance");
  assert.equal(findFirstCause(aggregate, findings, context)?.kind, "covariate_shift");
});

test("a raised verdict that nothing explains is called unknown, by its name", () => {
  const profile = profiles[0]!;
  const service: WindowAggregate["service"] = {
    durationBoundaries: [1],
    durationCounts: [1_000, 0],
    succeeded: 800,
    failed: [{ type: "timeout", count: 200 }],
    cpuSeconds: null,
    maxMemoryBytes: null,
  };
  const cause = firstCause(profile, aggregateOf(rows, profile, { service }))!;
  assert.deepEqual([cause.kind, cause.target], ["unknown", "error_ratio"]);
});

test("a window in which nothing is raised has no cause, and a stable one never a fault", () => {
  let without = 0;
  for (let seed = 0; seed < 20; seed++) {
    for (const profile of profiles) {
      const cause = firstCause(profile, aggregateOf(drawRows(5_000 + seed, 1_500), profile));
      if (cause === null) without += 1;
      else
        assert.ok(
          ["unknown", "covariate_shift", "concept_shift"].includes(cause.kind),
          `${seed}: ${cause.explanation}`,
        );
    }
  }
  assert.ok(without >= 30, `${without} of 40`);
});
