import assert from "node:assert/strict";
import { test } from "node:test";
import { type CategoricalField, modelConfigSchema } from "@tidemark/schema";
import { listCategories } from "../../../processor/src/profile/category-list.ts";
import { seededUniform } from "../../../stats/test/random-rows.ts";
import { judgePattern } from "../../src/quality/judge-pattern.ts";

const { quality } = modelConfigSchema.parse({ name: "m", profile: "p.json" });
const uniform = seededUniform(7);
const EXPRESSION = "A[0-9]+";

/** What `tidemark profile` keeps of a column. */
function fieldOf(rows: number, draw: () => string): CategoricalField {
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const value = draw();
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const lists = listCategories(counts);
  const named = lists.categories.map((category) => counts.get(category)!);
  const rest = rows - named.reduce((sum, count) => sum + count, 0);
  return {
    target: "feature",
    name: "code",
    kind: "categorical",
    ...lists,
    counts: [...named, rest],
    varianceInflation: { rows: [1, 1] },
  } as unknown as CategoricalField;
}

function stateOf(field: CategoricalField, rows: number, broken: number) {
  return judgePattern({ field, counts: { name: "code", expression: EXPRESSION, rows, broken }, quality })?.state;
}

/** Names 0 to 1,499, name k as often as 1 / (k + 1). */
const SUMS = Array.from({ length: 1_500 }, (_, k) => 1 / (k + 1));
for (let k = 1; k < SUMS.length; k++) SUMS[k]! += SUMS[k - 1]!;
function rank(): number {
  const at = uniform() * SUMS.at(-1)!;
  return SUMS.findIndex((sum) => at < sum);
}

let typos = 0;
const WORLDS: Readonly<Record<string, () => string>> = {
  "2 % under one frequent name": () => (uniform() < 0.02 ? "bad" : `A${Math.floor(20 * uniform())}`),
  "6 % under every seventh rare name": () => {
    const k = rank();
    return k > 50 && k % 7 === 0 ? `bad${k}` : `A${k}`;
  },
  "2 % typing errors, each its own": () => (uniform() < 0.02 ? `bad${typos++}` : `A${rank()}`),
};

test("windows like the reference break no form that the reference breaks as often, wherever its breaches are", () => {
  for (const [world, draw] of Object.entries(WORLDS)) {
    const states = Array.from({ length: 8 }, () => fieldOf(1_000, draw)).flatMap((field) =>
      [200, 1_000].map((rows) => {
        const broken = Array.from({ length: rows }, draw).filter((value) => value.startsWith("bad")).length;
        return stateOf(field, rows, broken);
      }),
    );
    assert.deepEqual(new Set(states), new Set(["ok"]), world);
  }
});

test("a form that the reference always had is broken by two of a hundred, in windows of any size", () => {
  const field = fieldOf(10_000, () => `A${Math.floor(20 * uniform())}`);
  for (const rows of [500, 5_000, 20_000, 1_000_000]) {
    assert.equal(stateOf(field, rows, 0.02 * rows), "critical", `${rows} rows`);
    assert.equal(stateOf(field, rows, 0.01 * rows), "ok", `${rows} rows`);
  }
});
