import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import { unusualInputs } from "../../src/cause/unusual-inputs.ts";

const states = { valid: 1_000, missing: 0, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 };
const profile = {
  fields: [
    {
      target: "feature",
      kind: "numeric",
      name: "km",
      states,
      boundaries: [10, 20, 30],
      counts: [5, 500, 490, 5],
      min: 1,
      max: 40,
    },
    {
      target: "feature",
      kind: "categorical",
      name: "from",
      states,
      categories: ["a", "b"],
      counts: [900, 95, 5],
      otherCategories: ["c"],
    },
    {
      target: "prediction",
      kind: "numeric",
      name: "score",
      states,
      boundaries: [0.5],
      counts: [1, 999],
      min: 0,
      max: 1,
    },
  ],
} as unknown as Profile;

test("what the reference seldom had is told, the rarest first", () => {
  const found = unusualInputs(profile, { km: 50, from: "c", score: 0.1, other: 3 });
  assert.deepEqual(
    found.map(({ feature, share }) => [feature, share]),
    [
      ["km", 0],
      ["from", 0.005],
    ],
  );
  assert.match(found[0]!.reason, /outside of 1 to 40/);
});

test("tails are unusual, the middle is not", () => {
  assert.equal(unusualInputs(profile, { km: 5 })[0]!.share, 0.005);
  assert.equal(unusualInputs(profile, { km: 35 })[0]!.share, 0.005);
  assert.deepEqual(unusualInputs(profile, { km: 20, from: "a" }), []);
});

test("missing values, texts for numbers and categories never seen are unusual where the reference had none", () => {
  const found = unusualInputs(profile, { km: "far", from: null });
  assert.deepEqual(
    found.map(({ feature }) => feature),
    ["from", "km"],
  );
  assert.match(unusualInputs(profile, { from: "z" })[0]!.reason, /never seen/);
});
