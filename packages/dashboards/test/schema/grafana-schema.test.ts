// Grafana's own schema packages, of the pinned version and of the oldest one promised, say whether the JSON is theirs:
// each dashboard becomes a typed constant, in which the compiler refuses unknown members, missing ones and wrong values.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { DASHBOARD_FILES, type DashboardJson, dashboardJson, type PanelJson } from "../support/dashboard-json.ts";

const root = path.resolve(import.meta.dirname, "../../../..");
/** Inside the repository, so that the schema packages are found. */
const folder = path.join(root, ".cache/grafana-schema");

const PANEL_TYPES: Readonly<Record<string, string>> = {
  bargauge: "bargauge/panelcfg/x/BarGaugePanelCfg_types.gen.d.ts",
  heatmap: "heatmap/panelcfg/x/HeatmapPanelCfg_types.gen.d.ts",
  stat: "stat/panelcfg/x/StatPanelCfg_types.gen.d.ts",
  "state-timeline": "statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen.d.ts",
  table: "table/panelcfg/x/TablePanelCfg_types.gen.d.ts",
  text: "text/panelcfg/x/TextPanelCfg_types.gen.d.ts",
  timeseries: "timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts",
};
const WITHOUT_FIELD_CONFIG = ["bargauge", "stat", "text"];

/** The schema's types with their enumerations as the texts that JSON has. */
const PLAIN = `type Plain<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
`;

test("every dashboard is valid for Grafana 11.6, panel options included, and its panels for 9.4", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of DASHBOARD_FILES) {
    const name = path.basename(file, ".json");
    writeFileSync(path.join(folder, `${name}-11.ts`), pinnedVersion(file));
    writeFileSync(path.join(folder, `${name}-9.ts`), oldestVersion(file));
  }
  assert.equal(compile(), "");
});

test("the compiler does refuse what the schema does not have", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const panel = JSON.stringify({ type: "stat", unknownMember: 1 });
  const wrong = JSON.stringify({ type: "stat", repeatDirection: "d" });
  writeFileSync(
    path.join(folder, "wrong.ts"),
    `import type { Panel } from "@grafana/schema/dist/esm/raw/dashboard/x/dashboard_types.gen.d.ts";
${PLAIN}export const a: Plain<Panel> = ${panel};
export const b: Plain<Panel> = ${wrong};
`,
  );
  const errors = compile();
  assert.match(errors, /unknownMember/);
  assert.match(errors, /"d"/);
});

function pinnedVersion(file: string): string {
  const { panels, annotations, templating, ...dashboard } = dashboardJson(file) as unknown as Record<
    string,
    unknown
  > & {
    panels: PanelJson[];
    templating: { list: { definition?: string }[] };
    annotations: { list: { expr: string; step: string; titleFormat: string; textFormat: string }[] };
  };
  const types = [...new Set(panels.map(({ type }) => type))].filter((type) => type !== "row");
  const imports = types.map((type) => {
    const from = PANEL_TYPES[type];
    assert.ok(from !== undefined, `${type} is no panel type that this test knows`);
    const names = WITHOUT_FIELD_CONFIG.includes(type)
      ? `Options as ${id(type)}Options`
      : `Options as ${id(type)}Options, FieldConfig as ${id(type)}Fields`;
    return `import type { ${names} } from "@grafana/schema/dist/esm/raw/composable/${from}";`;
  });
  // What a data source reads of annotations and variables is the data source's own: the schema leaves it out.
  const variables = templating.list.map(({ definition: _d, ...variable }) => variable);
  const marks = annotations.list.map(({ expr: _e, step: _s, titleFormat: _t, textFormat: _x, ...mark }) => mark);
  return `import type { Dashboard, Panel, RowPanel } from "@grafana/schema/dist/esm/raw/dashboard/x/dashboard_types.gen.d.ts";
${imports.join("\n")}
${PLAIN}
type With<O, F> = Plain<Omit<Panel, "options" | "fieldConfig">> & { options: Plain<Partial<O>>; fieldConfig?: Plain<{ defaults: Omit<NonNullable<Panel["fieldConfig"]>["defaults"], "custom"> & { custom?: Partial<F> }; overrides: NonNullable<Panel["fieldConfig"]>["overrides"] }> };
export const dashboard: Plain<Omit<Dashboard, "panels">> = ${JSON.stringify({ ...dashboard, annotations: { list: marks }, templating: { list: variables } })};
${panels.map((panel, index) => `export const panel${index}: ${typeOf(panel)} = ${JSON.stringify(panel)};`).join("\n")}
`;
}

function typeOf({ type }: PanelJson): string {
  if (type === "row") return "Plain<RowPanel>";
  return `With<${id(type)}Options, ${WITHOUT_FIELD_CONFIG.includes(type) ? "Record<string, never>" : `${id(type)}Fields`}>`;
}

function oldestVersion(file: string): string {
  // Its types leave out the value of the first threshold, where Grafana itself has always written null.
  const withoutNull = JSON.stringify(dashboardJson(file), (_, value: unknown) => (value === null ? undefined : value));
  const panels = (JSON.parse(withoutNull) as DashboardJson).panels.filter(({ type }) => type !== "row");
  return `import type { Panel } from "grafana-schema-9";
${PLAIN}
${panels.map((panel, index) => `export const panel${index}: Plain<Partial<Panel>> = ${JSON.stringify(panel)};`).join("\n")}
`;
}

function id(type: string): string {
  return type.replace("-", "");
}

function compile(): string {
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        module: "esnext",
        moduleResolution: "bundler",
        skipLibCheck: true,
        target: "es2022",
        types: [],
      },
      include: ["*.ts"],
    }),
  );
  const result = spawnSync(path.join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
  return result.stdout;
}
