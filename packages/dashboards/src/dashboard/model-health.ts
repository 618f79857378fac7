import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { buildPanel } from "./build-panel.ts";
import { DASHBOARD_UIDS } from "./dashboard-uids.ts";
import { dashboardVariables } from "./dashboard-variables.ts";
import { dataSourceVariable } from "./data-source-variable.ts";
import { driftRow } from "./drift-row.ts";
import { overviewRow } from "./overview-row.ts";
import type { RowSpec } from "./panel-spec.ts";
import { performanceRow } from "./performance-row.ts";
import { processorRow } from "./processor-row.ts";
import { qualityRow } from "./quality-row.ts";
import { serviceRow } from "./service-row.ts";
import { withoutNewerOptions } from "./without-newer-options.ts";

/** Newest classic schema that Grafana 9.4 knows. */
const SCHEMA_VERSION = 37;

const rows: readonly RowSpec[] = [overviewRow, driftRow, performanceRow, qualityRow, serviceRow, processorRow];

/** The dashboard "Model health": one row a question, in the order in which a person asks them. */
export function modelHealthDashboard(): Dashboard {
  const builder = new DashboardBuilder("Model health")
    .uid(DASHBOARD_UIDS.modelHealth)
    .description("Drift, performance, data quality and service of one model, judged by Tidemark.")
    .tags(["tidemark", "machine-learning"])
    .time({ from: "now-30d", to: "now" })
    .refresh("1m")
    .timezone("utc")
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(dataSourceVariable());
  for (const variable of dashboardVariables()) builder.withVariable(variable);
  let id = 0;
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title).id(++id));
    for (const panel of row.panels) builder.withPanel(buildPanel(panel, ++id));
  }
  return { ...withoutNewerOptions(builder.build()), schemaVersion: SCHEMA_VERSION };
}
