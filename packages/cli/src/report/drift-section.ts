import type { Measurement } from "@tidemark/schema";
import { driftRows } from "./drift-rows.ts";
import { driftTable } from "./drift-table.ts";
import { type Html, html } from "./html.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateLegend } from "./states.ts";
import type { AxisWindow } from "./window-axis.ts";
import { type GridCell, windowGrid } from "./window-grid.ts";

/** Severities at which the colour of a cell deepens; 1 is the alarm line. */
const LEVELS = [0.25, 0.5, 1, 3, 10] as const;

/** Which fields drifted when, and how far towards or past their alarm line. */
export function driftSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html {
  const rows = driftRows(measurements, axis);
  if (rows.length === 0)
    return html`<section aria-label="Drift"><h3>Drift by feature</h3><p class="empty">No feature has been judged yet.</p></section>`;
  const grid = rows.map(({ target, reference, series }) => ({
    label: target.name,
    kind: [...(target.kind === "feature" ? [] : [target.kind]), ...(reference === null ? [] : [reference])].join(", "),
    cells: series.map((measurement) => (measurement === null ? null : cellOf(measurement))),
  }));
  return html`<section aria-label="Drift"><h3>Drift by feature</h3>
<p class="lead">The deeper a cell, the further its window is towards and past the alarm line; the mark is the verdict. The most changed stand first.</p>
${windowGrid("Drift severity and verdict by field and window", axis, grid)}
<ul class="legend depth" aria-label="Severity by colour">${depthLegend()}</ul>${stateLegend()}
${driftTable(measurements, axis, rows)}</section>`;
}

function cellOf({ value, state, evidence }: Measurement): GridCell {
  const level = value === null ? null : LEVELS.filter((limit) => value >= limit).length;
  const text = value === null ? evidence.note : `severity ${scoreText(value)}`;
  return { state: state ?? "insufficient_data", level, text };
}

function depthLegend(): Html[] {
  const names = ["< 0.25", "0.25", "0.5", "1, the line", "3", "10 and more"];
  return names.map((name, level) => html`<li><i class="swatch h${level}"></i>${name}</li>`);
}
