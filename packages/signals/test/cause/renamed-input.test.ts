import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import {
  type AbsentFeature,
  type FieldCounts,
  findFirstCause,
  judgeAggregate,
  type WindowAggregate,
} from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf, type Row } from "../support/synthetic.ts";

const reference = drawRows(71, 20_000);
const profile = profileOf(reference);
const rows = drawRows(72, 3_000);
const DAY_MS = 24 * 3_600_000;

/** An input of another name, counted as if it were a feature of the profile. */
function input(name: string, feature: string, values: readonly Row[], by = profile): FieldCounts {
  return { ...aggregateOf(values, by).fields.find((field) => field.name === feature)!, name };
}

function withAbsent(
  absentFeatures: readonly AbsentFeature[],
  by = profile,
  of: readonly Row[] = rows,
): WindowAggregate {
  const whole = aggregateOf(of, by);
  const gone = new Set(absentFeatures.map(({ feature }) => feature));
  return { ...whole, absentFeatures, fields: whole.fields.filter(({ name }) => !gone.has(name)) };
}

function explanationOf(aggregate: WindowAggregate, by: Profile = profile): string {
  const context = contextOf(by);
  return findFirstCause(aggregate, judgeAggregate(aggregate, context), context)!.explanation;
}

const kilometres = rows.map((row) => ({ ...row, distance: row.distance! * 1.609344 }));
const minutes = rows.map((row, index) => ({ ...row, distance: index % 90 }));

test("an input whose values are distributed as the silent feature's is called its new name", () => {
  const unknownInputs = [input("minutes", "distance", minutes), input("dist_km", "distance", rows)];
  assert.match(
    explanationOf(withAbsent([{ feature: "distance", unknownInputs }])),
    /3000 predictions came without a value of it\. An input dist_km that the profile does not know came with 3000 values, distributed as distance is in the reference \(9\d(\.\d)? % in common\): renamed\?$/,
  );
});

test("the same is said where the service counts the feature as missing", () => {
  const blank = rows.map((row) => ({ ...row, distance: null }));
  const aggregate = {
    ...aggregateOf(blank, profile),
    absentFeatures: [{ feature: "distance", unknownInputs: [input("dist", "distance", rows)] }],
  };
  assert.match(explanationOf(aggregate), /of the values of distance are missing.*An input dist that .* renamed\?$/);
});

test("inputs distributed otherwise are named and not called renamed, whatever their name", () => {
  const unknownInputs = ["distance_minutes", "b", "c", "d"].map((name) => input(name, "distance", minutes));
  assert.match(
    explanationOf(withAbsent([{ feature: "distance", unknownInputs }])),
    /came, distance_minutes \(3000 values\), b \(3000 values\), c \(3000 values\) and 1 more, none distributed as distance is/,
  );
});

test("no input is called renamed by fewer than fifty values, or values of another type", () => {
  const texts = input("dist_km", "distance", rows);
  const counts = texts.counts.map(() => 0);
  const mismatched = { ...texts, counts, states: { ...texts.states, valid: 0, type_mismatch: rows.length } };
  for (const other of [mismatched, input("dist_km", "distance", rows.slice(0, 49))]) {
    assert.match(explanationOf(withAbsent([{ feature: "distance", unknownInputs: [other] }])), /none distributed as/);
  }
});

test("categories never seen are not alike, though the reference's rare ones share their bin", () => {
  const field = profile.fields.find(({ name }) => name === "origin")!;
  assert.ok(field.kind === "categorical");
  const last = field.categories.length;
  const rare = { ...field, counts: field.counts.map((count, bin) => (bin === last ? 100_000 : count)) };
  const by = { ...profile, fields: profile.fields.map((other) => (other === field ? rare : other)) };
  const seen = input("origin_code", "origin", rows);
  const unseen = {
    ...seen,
    counts: seen.counts.map((_count, bin) => (bin === last ? rows.length : 0)),
    states: { ...seen.states, valid: 0, unseen_category: rows.length },
  };
  assert.match(explanationOf(withAbsent([{ feature: "origin", unknownInputs: [unseen] }], by), by), /none distributed/);
});

test("a feature of few values is not found again by their shares alone, but by its name too", () => {
  const two = reference.map((row) => ({ ...row, origin: row.origin === "ATL" ? "ATL" : "ORD" }));
  const few = profileOf(two);
  const found = (name: string) =>
    explanationOf(
      withAbsent([{ feature: "origin", unknownInputs: [input(name, "origin", two.slice(0, 3_000), few)] }], few),
      few,
    );
  assert.match(found("is_weekend"), /none distributed as origin is/);
  assert.match(found("Origin_Code"), /An input Origin_Code .* renamed\?$/);
});

test("each of two renamed features gets the input that is most like it", () => {
  const scaled = (of: readonly Row[], factor: number) =>
    of.map((row) => ({ ...row, distance: row.distance! * factor }));
  const wide = profileOf(scaled(reference, 1.2));
  const flown = { ...wide.fields.find(({ name }) => name === "distance")!, name: "flown" };
  const near = scaled(rows, 1.05);
  const far = scaled(rows, 1.2);
  const absent = [
    { feature: "distance", unknownInputs: [input("far", "distance", far), input("near", "distance", near)] },
    { feature: "flown", unknownInputs: [input("far", "distance", far, wide), input("near", "distance", near, wide)] },
  ];
  const alone = withAbsent([{ feature: "distance", unknownInputs: [input("far", "distance", far)] }]);
  assert.match(explanationOf(alone), /An input far .* renamed\?$/, "far is like distance too");
  for (const [fields, want] of [
    [[...profile.fields, flown], /^Feature distance: .* An input near .* renamed\? The same holds for 1 more\.$/],
    [[flown, ...profile.fields], /^Feature flown: .* An input far .* renamed\? The same holds for 1 more\.$/],
  ] as const) {
    assert.match(explanationOf(withAbsent(absent), { ...profile, fields: [...fields] }), want);
  }
});

test("an input is one feature's new name only: the one that it is most like", () => {
  const twin = { ...profile.fields.find(({ name }) => name === "distance")!, name: "flown" };
  const by = { ...profile, fields: [...profile.fields, twin] };
  const aggregate = withAbsent(
    [
      { feature: "distance", unknownInputs: [input("flown_km", "distance", rows)] },
      { feature: "flown", unknownInputs: [input("flown_km", "distance", rows)] },
    ],
    profile,
  );
  assert.match(explanationOf(aggregate, by), /^Feature distance: .* none distributed as distance is/);
});

test("a part of the week is held against the same hours of the reference", () => {
  const seasonal = profileOf(reference, true);
  const night = drawRows(73, 20_000).filter(({ hourOfWeek }) => hourOfWeek % 24 < 6);
  const stretched = night.map((row) => ({ ...row, distance: row.distance! * 1.15 }));
  const shareOf = (by: Profile) => {
    const whole = withAbsent(
      [{ feature: "distance", unknownInputs: [input("dist", "distance", stretched, by)] }],
      by,
      night,
    );
    const window = { ...whole.window, name: "24h", endMs: whole.window.startMs + DAY_MS };
    return Number(/\((\S+) % in common/.exec(explanationOf({ ...whole, window }, by))?.[1] ?? 0);
  };
  assert.ok(shareOf(seasonal) > shareOf(profile) + 5, `${shareOf(seasonal)} and ${shareOf(profile)}`);
});

test("where no unknown input came it is said, and where none was asked for nothing is", () => {
  assert.match(
    explanationOf(withAbsent([{ feature: "distance", unknownInputs: [] }])),
    /it\. No input came that the profile does not know\.$/,
  );
  const { absentFeatures: _asked, ...silent } = withAbsent([{ feature: "distance", unknownInputs: [] }]);
  assert.match(explanationOf(silent), /without a value of it\.$/);
});

test("another unit under another name is not called renamed", () => {
  const unknownInputs = [
    input(
      "dist_km",
      "distance",
      kilometres.map((row) => ({ ...row, distance: row.distance * 3 })),
    ),
  ];
  assert.match(explanationOf(withAbsent([{ feature: "distance", unknownInputs }])), /none distributed as distance is/);
});
