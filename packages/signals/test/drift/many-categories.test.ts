import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import { seededUniform } from "@tidemark/stats";
import { judgeField } from "../../src/drift/judge-field.ts";
import type { FieldCounts } from "../../src/window-aggregate.ts";
import { drawRows, profileOf } from "../support/synthetic.ts";

const CATEGORIES = 48;
const SLOTS = 24;
const DAY_MS = 86_400_000;

/** Rows by slot and category; the last bin is that of other categories. */
function counted(rows: number, next: () => number, changed = 0): number[][] {
  const slots = Array.from({ length: SLOTS }, () => new Array<number>(CATEGORIES + 1).fill(0));
  for (let row = 0; row < rows; row++) {
    const slot = slots[Math.floor(next() * SLOTS)]!;
    const category = Math.floor(next() * CATEGORIES);
    slot[next() < changed ? 7 : category]! += 1;
  }
  return slots;
}

const sum = (slots: readonly (readonly number[])[]) =>
  slots[0]!.map((_, bin) => slots.reduce((total, slot) => total + slot[bin]!, 0));

/** Equal categories, some six reference rows of each in a slot: nothing but luck tells them apart there. */
function profileOfCategories(next: () => number): Profile {
  const base = profileOf(drawRows(1, 1_000), true);
  const slots = counted(7_200, next);
  const origin = base.fields.find(({ name }) => name === "origin")!;
  if (origin.kind !== "categorical") throw new Error("origin is categorical");
  const field = {
    ...origin,
    categories: Array.from({ length: CATEGORIES }, (_, at) => `c${at}`),
    counts: sum(slots),
    slots,
    missing: { ...origin.missing, slots: slots.map(() => 0) },
    varianceInflation: { rows: [1, 1] as [number, number], slots: [1, 1] as [number, number] },
  };
  return { ...base, fields: [field] };
}

function judge(profile: Profile, slots: number[][]): string {
  const field = profile.fields[0]!;
  const counts: FieldCounts = {
    target: "feature",
    name: field.name,
    counts: sum(slots),
    slots: slots.map((own, slot) => ({ slot, counts: own, missing: 0 })),
    states: { valid: 1_000, missing: 0, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 },
    source: "records",
  };
  return judgeField({ profile, field, counts, windowMs: DAY_MS, threshold: undefined }).state;
}

test("dozens of categories in the slots of a season are no drift by themselves", () => {
  const next = seededUniform(5);
  const states = Array.from({ length: 10 }, () => {
    const profile = profileOfCategories(next);
    return Array.from({ length: 20 }, () => judge(profile, counted(1_000, next)));
  }).flat();
  assert.ok(states.filter((state) => state === "critical").length <= 1, `${states}`);
});

test("one of them that takes a tenth of the rows is found, though no slot tells it apart", () => {
  const next = seededUniform(6);
  const profile = profileOfCategories(next);
  for (let window = 0; window < 10; window++) assert.equal(judge(profile, counted(1_000, next, 0.1)), "critical");
});
