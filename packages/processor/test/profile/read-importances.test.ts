import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { BuildProfileOptions, FeatureRow } from "../../src/profile/build-options.ts";
import { buildProfile } from "../../src/profile/build-profile.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-importances-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly time: string;
  readonly age: number;
  readonly country: string | null;
  readonly shap_age: number;
  readonly shap_country: number | null;
  readonly shap_total: number;
}

/** Attributions of age are 0.3 and -0.1 in turn, those of country 0.5 in every second row and none else. */
const ROWS = Array.from(
  { length: 400 },
  (_, index): Row => ({
    time: new Date(Date.UTC(2001, 0, 1 + (index % 8))).toISOString(),
    age: index % 50,
    country: index % 7 === 0 ? null : `c${index % 3}`,
    shap_age: index % 2 === 0 ? 0.3 : -0.1,
    shap_country: index % 2 === 0 ? -0.5 : null,
    shap_total: 9,
  }),
);

let files = 0;
function profileOf(rows: readonly Row[], more: Partial<BuildProfileOptions>) {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return buildProfile({ path, model: { name: "churn", version: "1", type: "classification" }, time: "time", ...more });
}

test("columns of attributions are the importances, whatever the order of the rows, and no features", async () => {
  const profile = await profileOf(ROWS, { attributionPrefix: "shap_" });
  assert.deepEqual(profile.importances, { age: 0.2, country: 0.5 });
  assert.deepEqual(
    profile.fields.map(({ name }) => name),
    ["age", "country", "shap_total"],
    "a column that is of no feature is one itself",
  );
  assert.equal((await profileOf(ROWS.toReversed(), { attributionPrefix: "shap_" })).id, profile.id);
  const early = await profileOf(ROWS, { attributionPrefix: "shap_", to: "2001-01-02T00:00:00Z" });
  assert.deepEqual(early.importances, { age: 0.3, country: 0.5 }, "of the rows in the time asked for");
});

test("importances are measured on rows of the data with their features, the same in any order", async () => {
  const asked: (readonly FeatureRow[])[] = [];
  const measureImportances = async (rows: readonly FeatureRow[]) => {
    asked.push(rows);
    return { age: 2 };
  };
  const features = { age: "numeric", country: "categorical" } as const;
  const profile = await profileOf(ROWS, { features, measureImportances });
  assert.deepEqual(profile.importances, { age: 2 });
  await profileOf(ROWS.toReversed(), { features, measureImportances });
  assert.deepEqual(asked[1], asked[0]);
  assert.equal(asked[0]!.length, ROWS.length);
  assert.ok(asked[0]!.every((row) => Object.keys(row).join() === "age,country" && typeof row["age"] === "number"));
  assert.ok(asked[0]!.some(({ country }) => country === null));
});

test("what are no importances is refused with what to do", async () => {
  const rows: [more: Partial<BuildProfileOptions>, want: RegExp][] = [
    [{ attributionPrefix: "gain_" }, /has no column "gain_" with the name of a feature/],
    [{ attributionPrefix: "shap_", importances: { age: 1 } }, /expected one of the three/],
    [{ measureImportances: async () => ({ height: 1 }) }, /importances name "height", which is no feature/],
    [{ measureImportances: async () => ({ age: Number.NaN }) }, /the importance of age is NaN/],
  ];
  for (const [more, want] of rows) await assert.rejects(profileOf(ROWS, more), want);
  const without = ROWS.map((row) => ({ ...row, shap_country: null }));
  await assert.rejects(profileOf(without, { attributionPrefix: "shap_" }), /"shap_country" of .* has no number/);
});
