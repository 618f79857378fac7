import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { allModelsRow } from "./all-models-row.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { DASHBOARD_UIDS } from "./dashboard-uids.ts";
import { modelVariables } from "./dashboard-variables.ts";
import { incidentRow } from "./incident-row.ts";
import { objectiveRow } from "./objective-row.ts";

/** "Overview", for those who answer for all models and need one screen. */
export function overviewDashboard(): Dashboard {
  return buildDashboard({
    uid: DASHBOARD_UIDS.overview,
    title: "Tidemark: overview",
    description: "Every model's state on one screen, its objectives, and what is being done about incidents.",
    from: "now-7d",
    variables: modelVariables(),
    rows: [allModelsRow, objectiveRow, incidentRow],
  });
}
