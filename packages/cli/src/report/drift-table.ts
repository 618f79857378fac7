import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import type { DriftRow } from "./drift-rows.ts";
import { type Html, html } from "./html.ts";
import { countText, scoreText } from "./number-text.ts";
import { stateChip } from "./states.ts";
import { type AxisWindow, seriesOf } from "./window-axis.ts";

const DISTANCES = [
  [metric.driftPsi, "PSI"],
  [metric.driftJsDistance, "Jensen-Shannon"],
  [metric.driftKsStatistic, "KS"],
  [metric.driftWasserstein, "Wasserstein"],
  [metric.driftTotalVariation, "total variation"],
] as const;

/** The figures behind the drift picture, of the newest window in which each field was judged. Folded until asked for. */
export function driftTable(
  measurements: readonly Measurement[],
  axis: readonly AxisWindow[],
  rows: readonly DriftRow[],
): Html {
  const body = rows.flatMap(({ target, reference, series }) => {
    const index = series.findLastIndex((measurement) => measurement !== null && measurement.value !== null);
    const verdict = series[index];
    if (verdict == null) return [];
    const { numbers } = verdict.evidence;
    const distances = DISTANCES.map(
      // The distances are those from training.
      ([name]) =>
        reference === null ? (seriesOf(measurements, axis, { metric: name, target })[index]?.value ?? null) : null,
    );
    return html`<tr><th scope="row">${target.name}${reference !== null && html` <small>${reference}</small>`}</th><td class="text">${periodText(verdict.window.start, verdict.window.end)}</td><td class="text">${verdict.state !== null && stateChip(verdict.state)}</td><td>${countText(verdict.count)}</td><td>${scoreText(verdict.value)}</td><td>${scoreText(numbers["logEvidence"] ?? null)}</td><td>${bound(numbers["psiLower"], numbers["psiUpper"])}</td>${distances.map((value) => html`<td>${scoreText(value)}</td>`)}</tr>`;
  });
  if (body.length === 0) return html``;
  return html`<details><summary>The figures of the newest window</summary>
<div class="frame" tabindex="0" role="group" aria-label="Drift figures"><table class="figures-table"><caption>Drift figures of the newest judged window</caption>
<thead><tr><th scope="col">field</th><th scope="col" class="text">window</th><th scope="col" class="text">verdict</th><th scope="col">values</th><th scope="col">severity</th><th scope="col">ln e</th><th scope="col">PSI, 90 % bounds</th>${DISTANCES.map(([, name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div></details>`;
}

function bound(lower: number | undefined, upper: number | undefined): string {
  return lower === undefined || upper === undefined ? "–" : `${scoreText(lower)} to ${scoreText(upper)}`;
}
