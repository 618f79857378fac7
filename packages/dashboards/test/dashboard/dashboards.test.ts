import assert from "node:assert/strict";
import { test } from "node:test";
import { generatedFiles } from "@tidemark/dashboards";
import { parse } from "yaml";
import { DASHBOARD_UIDS } from "../../src/dashboard/dashboard-uids.ts";
import { NEWER_OPTIONS } from "../../src/dashboard/without-newer-options.ts";
import { DASHBOARD_FILES, dashboardJson, type PanelJson } from "../support/dashboard-json.ts";

/** Panel types that come with Grafana 9.4 itself and stay core. */
const CORE_TYPES = ["stat", "timeseries", "state-timeline", "table", "heatmap", "bargauge", "histogram", "text", "row"];

const sources = parse(generatedFiles()["grafana/provisioning/datasources/tidemark.yaml"]!) as {
  datasources: { uid: string }[];
};
const sourceUids = new Set(sources.datasources.map(({ uid }) => uid));

test("there is a dashboard for each role, and their identities last", () => {
  const uids = DASHBOARD_FILES.map((file) => dashboardJson(file).uid);
  assert.deepEqual(uids.toSorted(), ["tidemark-model-health", "tidemark-overview", "tidemark-pipeline"]);
  assert.deepEqual(uids.toSorted(), Object.values(DASHBOARD_UIDS).toSorted());
});

for (const file of DASHBOARD_FILES) {
  const dashboard = dashboardJson(file);
  const panels = dashboard.panels.filter((panel) => panel.type !== "row");
  const queried = panels.filter((panel) => panel.type !== "text");

  test(`${dashboard.title}: Grafana 9.4 knows every panel type, option and the schema`, () => {
    assert.ok(dashboard.schemaVersion <= 37);
    for (const panel of dashboard.panels) assert.ok(CORE_TYPES.includes(panel.type), `${panel.title}: ${panel.type}`);
    const keys = new Set<string>();
    JSON.stringify(dashboard, (key, value: unknown) => {
      keys.add(key);
      assert.notEqual(value, "inControlsMenu", key);
      return value;
    });
    for (const option of NEWER_OPTIONS) assert.ok(!keys.has(option), option);
  });

  test(`${dashboard.title}: the other dashboards are one click away`, () => {
    const [link] = dashboard.links;
    assert.equal(link!.type, "dashboards");
    for (const other of DASHBOARD_FILES) assert.ok(link!.tags.every((tag) => dashboardJson(other).tags.includes(tag)));
  });

  test(`${dashboard.title}: no variable is used that is not defined, and none is defined that is not used`, () => {
    const defined = dashboard.templating.list.map((variable) => variable.name);
    const used = new Set([...JSON.stringify(dashboard).matchAll(/\$(?!_)(\w+)/g)].map((match) => match[1]!));
    assert.deepEqual([...used].sort(), defined.toSorted());
  });

  test(`${dashboard.title}: marks for incidents, changes and actions`, () => {
    assert.deepEqual(
      dashboard.annotations.list.map(({ name }) => name),
      ["Incidents", "Profile and configuration", "Actions"],
    );
    for (const { datasource } of dashboard.annotations.list) assert.equal(datasource.uid, "$datasource");
  });

  test(`${dashboard.title}: panels have ids of their own, stay within 24 columns and never overlap`, () => {
    const ids = dashboard.panels.map((panel) => panel.id);
    assert.equal(new Set(ids).size, ids.length);
    const overlap = (a: PanelJson["gridPos"], b: PanelJson["gridPos"]) =>
      a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    for (const [index, panel] of panels.entries()) {
      assert.ok(panel.gridPos.x + panel.gridPos.w <= 24, panel.title);
      for (const other of panels.slice(index + 1)) {
        assert.ok(!overlap(panel.gridPos, other.gridPos), `${panel.title} and ${other.title}`);
      }
    }
  });

  for (const panel of queried) {
    test(`${dashboard.title}: ${panel.title}: a question with unit, description, thresholds, queries and links`, () => {
      const { unit, thresholds } = panel.fieldConfig!.defaults;
      assert.match(panel.title, /\?$/);
      assert.match(panel.description ?? "", /^.{60,}\.$/);
      assert.ok(unit !== undefined && unit !== "");
      assert.ok(thresholds!.steps.length >= 1 && thresholds!.steps[0]!.value === null);
      assert.ok(panel.targets!.length >= 1);
      assert.equal(panel.datasource!.uid, "$datasource");
      assert.equal(new Set(panel.targets!.map((target) => target.refId)).size, panel.targets!.length);
      for (const target of panel.targets!) assert.ok(target.legendFormat !== "");
      assert.deepEqual(
        panel.links!.map(({ title }) => title),
        ["Runbook", "Report", "Traces"],
      );
      for (const { title, url } of panel.links!) {
        if (title === "Runbook") assert.ok(url.replace("$docs/", "") in generatedFiles(), url);
        if (title === "Traces") {
          const { datasource } = JSON.parse(new URLSearchParams(url.split("?")[1]).get("left")!) as {
            datasource: string;
          };
          assert.ok(sourceUids.has(datasource), datasource);
        }
      }
    });
  }
}
