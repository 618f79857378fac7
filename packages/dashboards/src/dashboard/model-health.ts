import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { attributionRow } from "./attribution-row.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { comparisonRow } from "./comparison-row.ts";
import { DASHBOARD_UIDS } from "./dashboard-uids.ts";
import { healthVariables, modelVariables, windowVariables } from "./dashboard-variables.ts";
import { driftRow } from "./drift-row.ts";
import { ensembleRow } from "./ensemble-row.ts";
import { modelRow } from "./model-row.ts";
import { performanceRow } from "./performance-row.ts";

/** "Model health", for the people who build the model. */
export function modelHealthDashboard(): Dashboard {
  return buildDashboard({
    uid: DASHBOARD_UIDS.modelHealth,
    title: "Tidemark: model health",
    description: "Drift, performance, segments and challengers of one model, judged by Tidemark.",
    from: "now-30d",
    variables: [...modelVariables(), ...windowVariables(), ...healthVariables()],
    rows: [modelRow, driftRow, attributionRow, performanceRow, comparisonRow, ensembleRow],
  });
}
