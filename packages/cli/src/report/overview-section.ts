import type { Measurement } from "@tidemark/schema";
import { type Html, html } from "./html.ts";
import type { ReportModel } from "./report-data.ts";
import { stateLegend, stateRank, worstState } from "./states.ts";
import type { AxisWindow } from "./window-axis.ts";
import { type GridCell, type GridRow, windowGrid } from "./window-grid.ts";

interface Aspect {
  readonly label: string;
  readonly isOf: (measurement: Measurement) => boolean;
}

const ASPECTS: readonly Aspect[] = [
  {
    label: "Inputs",
    isOf: ({ signal, target }) => signal === "drift" && (target.kind === "feature" || target.kind === "embedding"),
  },
  { label: "Predictions", isOf: ({ signal, target }) => signal === "drift" && target.kind === "prediction" },
  { label: "Outcomes", isOf: ({ signal, target }) => signal === "drift" && target.kind === "outcome" },
  { label: "Performance", isOf: ({ signal }) => signal === "performance" },
  { label: "Estimated performance", isOf: ({ signal }) => signal === "estimation" },
  { label: "Data quality", isOf: ({ signal }) => signal === "data_quality" },
  { label: "Control charts", isOf: ({ signal }) => signal === "control" },
  { label: "Service", isOf: ({ signal }) => signal === "service" },
];

/** The worst state of each aspect in each window: the whole life of the model at a glance. */
export function overviewSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html {
  const judged = measurements.filter((measurement) => measurement.state !== null);
  const rows = ASPECTS.map((aspect) => rowOf(aspect, judged.filter(aspect.isOf), axis)).filter((row) =>
    row.cells.some((cell) => cell !== null),
  );
  return html`<section aria-label="At a glance"><h3>At a glance</h3>
${windowGrid("Worst state by window", axis, rows)}${stateLegend()}</section>`;
}

function rowOf({ label }: Aspect, measurements: readonly Measurement[], axis: readonly AxisWindow[]): GridRow {
  const byStart = Map.groupBy(measurements, ({ window }) => window.start);
  return { label, kind: "", cells: axis.map(({ start }) => cellOf(byStart.get(start) ?? [])) };
}

function cellOf(measurements: readonly Measurement[]): GridCell | null {
  const state = worstState(measurements.map((measurement) => measurement.state));
  if (state === null) return null;
  const worst = measurements.filter((measurement) => measurement.state === state).map(({ target }) => target.name);
  const isBad = stateRank(state) > stateRank("ok");
  return { state, level: null, text: isBad ? [...new Set(worst)].slice(0, 5).join(", ") : "" };
}
