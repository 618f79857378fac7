import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { type AxisWindow, seriesOf } from "./window-axis.ts";

const PARTS = ["total", "covariate", "concept", "not_comparable"] as const;
/** The newest windows that are shown. */
const MAX_WINDOWS = 12;

/** The inputs, or the world? Each window's change of loss in parts, and rises of the errors within it. Null without any. */
export function conceptSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html | null {
  const parts = PARTS.map((part) =>
    seriesOf(measurements, axis, {
      metric: metric.performanceChange,
      attributes: { [attr.performanceChangePart]: part },
    }),
  );
  const rises = seriesOf(measurements, axis, { metric: metric.performanceErrorRises });
  const rows = axis.flatMap((window, i) =>
    rises[i] === null ? [] : [{ window, cells: parts.map((series) => series[i]!), rise: rises[i]! }],
  );
  if (rows.length === 0) return null;
  return html`<section aria-label="Inputs or world"><h3>Did the inputs change, or the world?</h3>
<p class="lead">Change of the mean loss against the reference: by other inputs (covariate), by another relation of outcome to the same inputs (concept), and by inputs that cannot be compared. The parts add up to the whole; below 0 is better. Strata are taken as given, so an interval holds a part's sampling error alone. Errors rose: detectors (ADWIN, DDM, HDDM-A), of three, that found a rise within the window; one alone is often chance.</p>
<div class="frame" tabindex="0" role="group" aria-label="Change of loss by window"><table class="figures-table">
<thead><tr><th scope="col">window</th><th scope="col">whole</th><th scope="col">covariate</th><th scope="col">concept</th><th scope="col">not comparable</th><th scope="col">errors rose</th></tr></thead>
<tbody>${rows
    .slice(-MAX_WINDOWS)
    .toReversed()
    .map(
      ({ window, cells, rise }) =>
        html`<tr><th scope="row">${periodText(window.start, window.end)}</th>${cells.map(cell)}<td title="${rise.evidence.note}">${countText(rise.value ?? 0)} of 3</td></tr>`,
    )}</tbody></table></div></section>`;
}

function cell(found: Measurement | null): Html {
  if (found === null || found.value === null) return html`<td></td>`;
  const { value, upper } = found;
  return html`<td>${scoreText(value)}${upper !== null && html` <span class="muted">± ${scoreText(upper - value)}</span>`}</td>`;
}
