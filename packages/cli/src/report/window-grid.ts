import type { MonitorState } from "@tidemark/semconv";
import { dateText, monthName, periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { stateLook } from "./states.ts";
import type { AxisWindow } from "./window-axis.ts";

export interface GridCell {
  readonly state: MonitorState;
  /** 0 to 5, for the depth of the colour; null colours by state. */
  readonly level: number | null;
  /** What a reader without the picture is told besides window and state. */
  readonly text: string;
}

export interface GridRow {
  readonly label: string;
  /** Under the label, small. */
  readonly kind: string;
  /** One a window of the axis; null where nothing was measured. */
  readonly cells: readonly (GridCell | null)[];
}

/**
 * A table with one column a window: each cell has a glyph for its state, a colour for its depth, and words for those
 * who see neither. Months stand over the columns.
 */
export function windowGrid(caption: string, axis: readonly AxisWindow[], rows: readonly GridRow[]): Html {
  return html`<div class="grid-frame" tabindex="0" role="group" aria-label="${caption}"><table class="windows" style="--columns:${axis.length}">
<caption>${caption}</caption>
<colgroup><col class="names">${axis.map(() => html`<col>`)}</colgroup>
<thead><tr><th scope="col"><span class="hidden">target</span></th>${months(axis).map(({ name, title, span }) => html`<th scope="colgroup" colspan="${span}" title="${title}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${breakable(row.label)}${row.kind !== "" && html`<small>${row.kind}</small>`}</th>${row.cells.map((cell, index) => drawCell(cell, axis[index]!))}</tr>`)}</tbody>
</table></div>`;
}

function drawCell(cell: GridCell | null, window: AxisWindow): Html {
  const period = periodText(window.start, window.end);
  if (cell === null) return html`<td class="none"><span class="hidden">${period}: not measured</span></td>`;
  const { word, glyph } = stateLook(cell.state);
  const title = `${period}: ${word}${cell.text === "" ? "" : `, ${cell.text}`}`;
  const depth = cell.level === null ? cell.state : `h${cell.level}`;
  return html`<td class="${depth}" title="${title}"><span aria-hidden="true">${glyph}</span><span class="hidden">${title}</span></td>`;
}

/** A name that may go on in the next line after an underscore, a dot or a dash. */
function breakable(name: string): Html[] {
  return name.split(/(?<=[_.-])/).map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`));
}

/** Neighbouring windows that start in one month, as one heading; short ones stay empty. */
function months(axis: readonly AxisWindow[]): { name: string; title: string; span: number }[] {
  const groups: { name: string; title: string; span: number }[] = [];
  let previous = "";
  for (const { start } of axis) {
    const month = start.slice(0, 7);
    if (month !== previous) groups.push({ name: monthName(start), title: `from ${dateText(start)}`, span: 0 });
    groups.at(-1)!.span++;
    previous = month;
  }
  return groups.map((group) => (group.span < 3 && axis.length > 20 ? { ...group, name: "" } : group));
}
