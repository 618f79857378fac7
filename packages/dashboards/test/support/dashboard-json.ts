import { generatedFiles } from "@tidemark/dashboards";

/** What the tests read of a dashboard. */
export interface DashboardJson {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly { name: string; definition?: string; query: unknown }[] };
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
    };
  };
}

/** The dashboard as Grafana reads it. */
export function modelHealth(): DashboardJson {
  return JSON.parse(generatedFiles()["grafana/dashboards/model-health.json"]!) as DashboardJson;
}
