/** Identities of the dashboards, the same in every Grafana, so that links to them last. */
export const DASHBOARD_UIDS = {
  overview: "tidemark-overview",
  modelHealth: "tidemark-model-health",
  pipeline: "tidemark-pipeline",
} as const;

export type DashboardUid = (typeof DASHBOARD_UIDS)[keyof typeof DASHBOARD_UIDS];
