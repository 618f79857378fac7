import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { annotations } from "./annotations.ts";
import { buildPanel } from "./build-panel.ts";
import type { DashboardUid } from "./dashboard-uids.ts";
import { dataSourceVariable } from "./data-source-variable.ts";
import type { RowSpec } from "./panel-spec.ts";
import { withoutNewerOptions } from "./without-newer-options.ts";

/** Newest classic schema that Grafana 9.4 knows. */
const SCHEMA_VERSION = 37;

/** Every dashboard of Tidemark has it, so that each links to the others. */
const TAG = "tidemark";

export interface DashboardSpec {
  readonly uid: DashboardUid;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly variables: readonly Builder<VariableModel>[];
  /** One row a question, in the order in which a person asks them. */
  readonly rows: readonly RowSpec[];
}

/** A dashboard as classic JSON, one click from the others, with the same marks on all of them. */
export function buildDashboard({ uid, title, description, from, variables, rows }: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG, "machine-learning"])
    .time({ from, to: "now" })
    .refresh("1m")
    .timezone("utc")
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder("Tidemark")
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(dataSourceVariable());
  for (const variable of variables) builder.withVariable(variable);
  for (const annotation of annotations()) builder.annotation(annotation);
  let id = 0;
  for (const { title: question, panels, runbook } of rows) {
    builder.withRow(new RowBuilder(question).id(++id));
    for (const panel of panels) builder.withPanel(buildPanel(panel, ++id, runbook));
  }
  return { ...withoutNewerOptions(builder.build()), schemaVersion: SCHEMA_VERSION };
}
