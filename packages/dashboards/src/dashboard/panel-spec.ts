import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";

/** One query of a panel. */
export interface PanelQuery {
  readonly expression: string;
  /** Legend, with `{{label}}` in place of values. */
  readonly legend: string;
}

/** A line or a range of colours: the colour holds from `from` upwards; the first has none. */
export interface PanelThreshold {
  readonly from: number | null;
  readonly color: "green" | "yellow" | "orange" | "red" | "blue" | "text";
}

export type PanelKind = "stat" | "timeseries" | "states" | "bars" | "heatmap" | "table" | "text";

/** A panel as data; what makes a good one is the same for all and lives in `buildPanel`. */
export interface PanelSpec {
  readonly kind: PanelKind;
  /** The question that the panel answers. */
  readonly title: string;
  /** What is shown, and what to do when it looks bad. A text panel shows it itself. */
  readonly description: string;
  /** Grafana's unit id: `percentunit`, `s`, `short`, `none`. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
  /** Lines that come from metrics: drawn dashed over the queries. */
  readonly lines?: readonly PanelQuery[];
  readonly thresholds: readonly PanelThreshold[];
  /** Of a table: from the queries' labels and values to columns for people. */
  readonly transformations?: DataTransformerConfig[];
  /** Of a table: columns that are drawn as bars between 0 and 1. */
  readonly gauges?: readonly string[];
  /** The panel shows states of verdicts by number. */
  readonly showsStates?: boolean;
  /** Of 24 columns. */
  readonly width: number;
  readonly height: number;
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
}

/** A row of the dashboard. */
export interface RowSpec {
  readonly title: string;
  /** Slug of the runbook that says what to do about its panels. */
  readonly runbook: string;
  readonly panels: readonly PanelSpec[];
}

/** No line: everything has one colour. */
export const NO_LINE: readonly PanelThreshold[] = [{ from: null, color: "blue" }];

/** Green below the first line, yellow from it on, red from the second. */
export function rising(warning: number, critical: number): readonly PanelThreshold[] {
  return [
    { from: null, color: "green" },
    { from: warning, color: "yellow" },
    { from: critical, color: "red" },
  ];
}

/** Red below the first line, yellow up to the second, green from it on. */
export function falling(critical: number, warning: number): readonly PanelThreshold[] {
  return [
    { from: null, color: "red" },
    { from: critical, color: "yellow" },
    { from: warning, color: "green" },
  ];
}
