import { generatedFiles } from "@tidemark/dashboards";

/** What the tests read of a dashboard. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: {
    readonly list: readonly { name: string; type: string; definition?: string; query: unknown }[];
  };
  readonly annotations: { readonly list: readonly { name: string; expr: string; datasource: { uid: string } }[] };
  readonly links: readonly { readonly type: string; readonly tags: readonly string[] }[];
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
    };
  };
}

export const DASHBOARD_FILES = Object.keys(generatedFiles()).filter((file) => file.startsWith("grafana/dashboards/"));

/** A dashboard as Grafana reads it. */
export function dashboardJson(file: string): DashboardJson {
  return JSON.parse(generatedFiles()[file]!) as DashboardJson;
}
