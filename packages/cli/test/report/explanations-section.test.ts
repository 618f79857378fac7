import assert from "node:assert/strict";
import { it } from "node:test";
import type { Explanation } from "@tidemark/schema";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { explanationsSection } from "../../src/report/explanations-section.ts";
import { fixtureApi } from "./report-fixture.ts";

const LOSS: Explanation["loss"] = {
  name: "brier",
  window: 0.195,
  before: 0.149,
  covariate: 0.024,
  covariateError: 0.001,
  concept: 0.0259,
  conceptError: 0.0047,
  notComparable: -0.0041,
  common: { value: 0.012, natural: 0.017, line: 0.024 },
  level: 0.0259,
  features: [
    { feature: "inbound_delay", covariate: 0.018, concept: 0 },
    { feature: "hour", covariate: -0.0004, concept: 0 },
  ],
  segments: [{ name: "distance from 1439 to 4962", rows: 432, loss: 0.243, lossBefore: 0.148, gapError: 0.01 }],
};
const SHIFT = {
  kind: "covariate_shift",
  target: "inbound_delay",
  explanation: "35 % of the rows have moved.",
} as const;
const DAY_MS = 86_400_000;

function explanation(name: string, day: number, more: Partial<Explanation> = {}): Explanation {
  const startMs = Date.UTC(2001, 5, day);
  const window = { name, start: new Date(startMs).toISOString(), end: new Date(startMs + DAY_MS).toISOString() };
  const about = { tenant: "default", model: "flight-delay", version: "1", role: "champion" as const, window };
  const rows = { rows: 3248, rowsBefore: 20_638, windowsBefore: 6 };
  return { ...about, ...rows, causes: [], loss: null, features: [], coincident: [], examples: [], ...more };
}

async function pageOf(explanations: readonly Explanation[]): Promise<string> {
  const data = await collectReportData(fixtureApi({ seed: 1, story: "units" }));
  const section = explanationsSection({ ...data.models[0]!, windowName: "7d", explanations });
  return (section?.text ?? "").replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}

it("tells a change of loss in a sentence whose parts come from the largest feature", async () => {
  const page = await pageOf([explanation("24h", 15, { causes: [SHIFT], loss: LOSS })]);
  assert.match(page, /24h window, 3,248 rows against 20,638 of 6 windows before/);
  assert.match(
    page,
    /The mean Brier loss rose from 0\.149 to 0\.195: \+0\.024 because other inputs came, mostly in inbound_delay; \+0\.026 because the same inputs ended otherwise; −0\.004 in rows that have no like before\./,
  );
  assert.match(page, /The same change by feature; \+0\.026 is by none of them .* inbound_delay \+0\.018 0\.000/);
  assert.doesNotMatch(page, /hour/, "a part that is next to nothing is not told");
  assert.match(page, /distance from 1439 to 4962 432 0\.148 0\.243/);
});

it("says of a part whose interval has zero in it that it may be chance", async () => {
  const loss = { ...LOSS!, concept: 0.017, conceptError: 0.011, covariate: -0.0001 };
  const page = await pageOf([explanation("24h", 15, { loss })]);
  assert.match(page, /: \+0\.017 because the same inputs ended otherwise \(which may be chance\); /);
  assert.doesNotMatch(page, /because other inputs came/);
});

it("shows what is of the report's own windows first, then what has a cause, then the newest", async () => {
  const page = await pageOf([
    explanation("24h", 10),
    explanation("24h", 11, { causes: [SHIFT] }),
    explanation("24h", 12),
    explanation("7d", 4),
  ]);
  const open = page.slice(0, page.indexOf("one further change"));
  const order = [...open.matchAll(/(7d|24h) window/g)].map(([, name]) => name);
  assert.deepEqual(order, ["7d", "24h", "24h"]);
  assert.ok(open.indexOf("35 % of the rows have moved.") < open.lastIndexOf("No cause stands out"));
  assert.match(page.slice(open.length), /24h window/);
});

it("is left out where nothing turned critical", async () => {
  assert.equal(await pageOf([]), "");
});
