import assert from "node:assert/strict";
import { test } from "node:test";
import { NEWER_OPTIONS } from "../../src/dashboard/without-newer-options.ts";
import { modelHealth, type PanelJson } from "../support/dashboard-json.ts";

const dashboard = modelHealth();
const rows = dashboard.panels.filter((panel) => panel.type === "row");
const panels = dashboard.panels.filter((panel) => panel.type !== "row");

/** Panel types that come with Grafana 9.4 itself. */
const CORE_TYPES = new Set(["stat", "timeseries", "state-timeline", "bargauge", "barchart", "row"]);

test("Grafana 9.4 knows every panel type, option and the schema", () => {
  assert.ok(dashboard.schemaVersion <= 37);
  for (const panel of dashboard.panels) assert.ok(CORE_TYPES.has(panel.type), `${panel.title}: ${panel.type}`);
  const keys = new Set<string>();
  JSON.stringify(dashboard, (key, value: unknown) => {
    keys.add(key);
    return value;
  });
  for (const option of NEWER_OPTIONS) assert.ok(!keys.has(option), option);
});

test("the dashboard keeps its identity, so that links to it last", () => {
  assert.equal(dashboard.uid, "tidemark-model-health");
});

for (const panel of panels) {
  test(`${panel.title}: a question with unit, description, thresholds and queries`, () => {
    const { unit, thresholds } = panel.fieldConfig!.defaults;
    assert.match(panel.title, /\?$|reference\?$/);
    assert.match(panel.description ?? "", /^.{40,}\.$/);
    assert.ok(unit !== undefined && unit !== "");
    assert.ok(thresholds!.steps.length >= 1 && thresholds!.steps[0]!.value === null);
    assert.ok(panel.targets!.length >= 1);
    assert.equal(panel.datasource!.uid, "$datasource");
    assert.equal(new Set(panel.targets!.map((target) => target.refId)).size, panel.targets!.length);
    for (const target of panel.targets!) assert.ok(target.legendFormat !== "");
  });
}

test("no variable is used that is not defined, and none is defined that is not used", () => {
  const defined = dashboard.templating.list.map((variable) => variable.name);
  const used = new Set([...JSON.stringify(dashboard).matchAll(/\$(?!_)(\w+)/g)].map((match) => match[1]!));
  assert.deepEqual([...used].sort(), defined.toSorted());
});

test("panels have ids of their own, stay within 24 columns and never overlap", () => {
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
  assert.equal(rows.length, 6);
});
