import assert from "node:assert/strict";
import { it } from "node:test";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { renderReport } from "../../src/report/render-report.ts";
import type { ReportData } from "../../src/report/report-data.ts";
import { type FixtureOptions, fixtureApi } from "./report-fixture.ts";

const NOW = () => new Date("2026-11-23T20:00:00Z");
const STORIES = ["units", "quiet", "regression", "empty"] as const;

function dataOf(story: FixtureOptions["story"]): Promise<ReportData> {
  return collectReportData(fixtureApi({ seed: 7, story }), undefined, NOW);
}

it("equal data give equal bytes", async () => {
  for (const story of STORIES) assert.equal(renderReport(await dataOf(story)), renderReport(await dataOf(story)));
});

it("the page asks for nothing and runs nothing", async () => {
  for (const story of STORIES) {
    const page = renderReport(await dataOf(story));
    assert.doesNotMatch(page, /<script|<iframe|<img|@import|https?:\/\/|\son\w+=/);
    assert.doesNotMatch(page, /(?:src|href)="(?!#|data:,)/);
  }
});

it("no text of the data becomes markup, wherever it stands", async () => {
  const attack = `"'><script>alert(1)</script><b onload=x>&amp;`;
  for (const story of STORIES) {
    const page = renderReport(poison(await dataOf(story), attack) as ReportData);
    assert.doesNotMatch(page, /<script|<b onload/);
    assert.match(page, /&quot;&#39;&gt;&lt;script&gt;/);
  }
});

it("a unit change is told first, with its cause and its cost", async () => {
  const text = textOf(renderReport(await dataOf("units")));
  assert.match(
    text,
    /flight-delay.*critical Since 30 Apr 2001: distance looks like the reference multiplied by 1\.609/,
  );
  assert.match(text, /ROC AUC, newest judged 0\.7\d+ reference 0\.842/);
  assert.match(text, /Change of unit: distance ✕ critical 30 Apr – 1 Jul 2001, still open/);
  assert.ok(
    text.indexOf("Change of unit") < text.indexOf("Shift of the inputs"),
    "the cause that explains the rest leads",
  );
});

it("a proved harm is told with its bounds, and not where nothing is watched", async () => {
  const text = textOf(renderReport(await dataOf("units")));
  const from = text.indexOf("Is harm proved?");
  assert.match(text.slice(from, from + 600), /2 Jul 2001 ✕ critical 0\.214 0\.197 to 0\.231 0\.144 0\.186/);
  assert.match(
    text.slice(from, from + 1_500),
    /airline : not judged: .* origin LAX ✕ critical 0\.310 0\.270 to 0\.350 0\.140 0\.210 origin &lt;ATL&gt; · ok/,
  );
  assert.doesNotMatch(textOf(renderReport(await dataOf("quiet"))), /Is harm proved/);
});

it("a schedule is told with its last and next run, and one that is overdue", async () => {
  const text = textOf(renderReport(await dataOf("units")));
  const from = text.indexOf("Schedule judged at");
  assert.equal(
    text.slice(from, text.indexOf("How a verdict comes about", from)).replaceAll(/\s+/g, " ").trim(),
    "Schedule judged at 30 6 * * 1 (Europe/Berlin); last run 18 Jun 2001 04:35 for that of 18 Jun 2001 04:30, next run 9 Jul 2001 04:30; since the processor's start one run late, 2 left out because a later one stood for them. A run is overdue by 71 min",
  );
  assert.doesNotMatch(textOf(renderReport(await dataOf("quiet"))), /next run/);
});

it("what only the shortest window has, evidence over all windows, is told beside the longest ones", async () => {
  const text = textOf(renderReport(await dataOf("units")));
  const from = text.indexOf("Drift, read continuously The evidence");
  const section = text.slice(from, from + 1_000).replaceAll(/\s+/g, " ");
  assert.match(section, /all windows of 24h together, to 2 Jul 2001/);
  assert.match(
    section,
    /distance ✕ critical 41\.2 312,480 181 .*origin · ok 0\.310 312,480 181 .*one field without a verdict yet/,
  );
});

it("the members of an ensemble are told with their worth, and weights as a proposal", async () => {
  const text = textOf(renderReport(await dataOf("units")));
  const from = text.indexOf("Ensemble members The newest");
  const section = text.slice(from, from + 1_600).replaceAll(/\s+/g, " ");
  assert.match(section, /linear 97\.0.% -0\.020 \(-0\.030 to -0\.010\) 0\.500 0\.200 0\.200 \(0\.190 to 0\.210\)/);
  assert.match(section, /On 21\.0.% of the predictions .* err most alike \(0\.710/);
  assert.match(section, /Other weights are proposed: .* bounds of the gain: 0\.010 to 0\.030/);
  assert.doesNotMatch(textOf(renderReport(await dataOf("quiet"))), /Ensemble members/);
});

it("a quiet model is called well, without inventing incidents", async () => {
  const text = textOf(renderReport(await dataOf("quiet")));
  assert.match(text, /All is well in the newest window|stayed within their lines in every window/);
});

it("a regression shows its own scores and none of a classifier", async () => {
  const text = textOf(renderReport(await dataOf("regression")));
  assert.match(text, /Mean absolute error/);
  assert.match(text, /Root mean squared error/);
  assert.doesNotMatch(text, /ROC AUC|Brier/);
});

it("a model of which nothing is judged yet says so, and so does a processor without a model", async () => {
  assert.match(textOf(renderReport(await dataOf("empty"))), /Nothing has been judged yet/);
  assert.match(
    textOf(renderReport({ generatedAt: NOW().toISOString(), models: [], joinedIncidents: [], ingest: [] })),
    /No model yet/,
  );
});

it("several models stand under one another, listed at the top", async () => {
  const [one, two] = [await dataOf("units"), await dataOf("regression")];
  const models = [...one.models, ...two.models];
  const page = renderReport({ generatedAt: one.generatedAt, ingest: [], models, joinedIncidents: [] });
  assert.match(page, /<a href="#model-0">flight-delay 1<\/a>[\s\S]*<a href="#model-1">fare 1<\/a>/);
  assert.match(page, /<article class="model" id="model-1">/);
});

/** The same data with the attack at the end of every free text. */
function poison(value: unknown, attack: string, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => poison(item, attack, key));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, poison(member, attack, name)]));
  }
  const isFree = [
    "model",
    "version",
    "name",
    "note",
    "explanation",
    "labels",
    "profileId",
    "configId",
    "target",
  ].includes(key);
  return isFree && typeof value === "string" && value !== "7d" ? value + attack : value;
}

function textOf(page: string): string {
  return page
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}
