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

/** A panel as data; what makes a good one is the same for all and lives in `buildPanel`. */
export interface PanelSpec {
  readonly kind: "stat" | "timeseries" | "states" | "bars" | "shares";
  /** The question that the panel answers. */
  readonly title: string;
  /** What is shown, and what to do when it looks bad. */
  readonly description: string;
  /** Grafana's unit id: `percentunit`, `s`, `short`, `none`. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
  readonly thresholds: readonly PanelThreshold[];
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
