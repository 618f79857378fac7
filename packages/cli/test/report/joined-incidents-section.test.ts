import assert from "node:assert/strict";
import { it } from "node:test";
import type { JoinedIncident } from "@tidemark/schema";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { renderReport } from "../../src/report/render-report.ts";
import { fixtureApi } from "./report-fixture.ts";

const ABOUT = {
  start: "2001-04-30T00:00:00.000Z",
  end: "2001-05-07T00:00:00.000Z",
  state: "critical",
  open: true,
} as const;
const part = (model: string, name: string): JoinedIncident["incidents"][number] => ({
  ...ABOUT,
  id: `${model} ${name}`,
  model,
  version: "1",
  role: "champion",
  signal: "drift",
  target: { kind: "feature", name },
  windowName: "7d",
});
const JOINED: JoinedIncident = {
  ...ABOUT,
  id: "j",
  tenant: "default",
  shared: { kind: "feature", name: "<i>distance" },
  firstCause: { kind: "nulls", target: "<i>distance", explanation: "40 % are missing." },
  reason: "fare and flight-delay have the same first cause.",
  models: ["fare", "flight-delay"],
  incidents: [part("fare", "distance"), part("fare", "hour"), part("flight-delay", "distance")],
};

it("what several models have in common is told once, before each of them", async () => {
  const data = await collectReportData(fixtureApi({ seed: 1, story: "units" }));
  const page = renderReport({ ...data, joinedIncidents: [JOINED] });
  const told = page.indexOf("Incidents of several models");
  assert.ok(told > 0 && told < page.indexOf('<article class="model"'));
  assert.match(page, /fare and flight-delay have the same first cause\. 40 % are missing\./);
  assert.match(page, /<strong>fare<\/strong>: 2 incidents on distance, hour/);
  assert.doesNotMatch(page, /<i>distance/);
  assert.doesNotMatch(renderReport(data), /Incidents of several models/);
});

it("joined incidents are asked for only where there are several models, and of one model by its name", async () => {
  const api = fixtureApi({ seed: 1, story: "empty" });
  const asked: unknown[] = [];
  const joinedIncidents = async (filter: unknown) => {
    asked.push(filter);
    return [JOINED];
  };
  const alone = await collectReportData({ ...api, joinedIncidents });
  assert.deepEqual([alone.joinedIncidents, asked], [[], []]);
  const [entry] = await api.models();
  const models = async () => [entry!, { ...entry!, model: "fare" }];
  assert.deepEqual((await collectReportData({ ...api, joinedIncidents, models })).joinedIncidents, [JOINED]);
  await collectReportData({ ...api, joinedIncidents, models }, "fare");
  assert.deepEqual(asked, [{}, { model: "fare" }]);
});

it("is headed by the deployment or the machine where that is what the models have in common", async () => {
  const data = await collectReportData(fixtureApi({ seed: 1, story: "units" }));
  const titleOf = (shared: JoinedIncident["shared"]) =>
    /<h4>([^<]*)<\/h4>/.exec(renderReport({ ...data, joinedIncidents: [{ ...JOINED, shared }] }))?.[1];
  assert.equal(titleOf({ kind: "deployment", service: "flights", release: "2.1" }), "Deployment: flights 2.1");
  assert.equal(titleOf({ kind: "host", place: "node", names: ["a", "b"] }), "Node: a, b");
});
