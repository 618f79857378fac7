import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { buildDashboard } from "./build-dashboard.ts";
import { collectorRow } from "./collector-row.ts";
import { DASHBOARD_UIDS } from "./dashboard-uids.ts";
import { modelVariables, windowVariables } from "./dashboard-variables.ts";
import { liveServiceRow } from "./live-service-row.ts";
import { outcomeRow } from "./outcome-row.ts";
import { processorRow } from "./processor-row.ts";
import { qualityRow } from "./quality-row.ts";
import { serviceRow } from "./service-row.ts";

/** "Pipeline", for the people who run the service, the Collector and Tidemark. */
export function pipelineDashboard(): Dashboard {
  return buildDashboard({
    uid: DASHBOARD_UIDS.pipeline,
    title: "Tidemark: pipeline",
    description:
      "Latency, errors and resources of the service, data quality, outcomes, and the way of the data itself.",
    from: "now-6h",
    variables: [...modelVariables(), ...windowVariables()],
    rows: [liveServiceRow, serviceRow, qualityRow, outcomeRow, processorRow, collectorRow],
  });
}
