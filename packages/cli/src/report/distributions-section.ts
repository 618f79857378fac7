import type { Measurement, Profile } from "@tidemark/schema";
import { periodText } from "./date-text.ts";
import { categoryChart, histogramChart } from "./distribution-chart.ts";
import { type DriftRow, driftRows } from "./drift-rows.ts";
import { type Html, html } from "./html.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip } from "./states.ts";
import type { AxisWindow } from "./window-axis.ts";

/** How each field was distributed against the profile: in its worst window where it drifted, else in the newest. */
export function distributionsSection({ measurements, profile }: ReportModel, axis: readonly AxisWindow[]): Html {
  const cards = driftRows(measurements, axis).flatMap((row) => distributionCard(row, profile) ?? []);
  return html`<section aria-label="Distributions"><h3>Distributions against the reference</h3>
${
  cards.length === 0
    ? html`<p class="empty">No window has been compared with the reference yet.</p>`
    : html`<p class="lead">Of each field the worst window if it drifted, else the newest. Numeric bins are quantiles of the reference, so that they say where the mass moved and not how far; a categorical field shows the categories that changed most.</p>
<ul class="legend lines"><li><i class="key bar"></i>window</li><li><i class="key outline"></i>reference</li></ul>
<div class="cards">${cards}</div>`
}</section>`;
}

function distributionCard({ target, series, worst }: DriftRow, profile: Profile | null): Html | null {
  const drifted = worst !== null && worst.state !== "ok" && worst.evidence.bins !== null;
  const shown = drifted ? worst : (series.findLast((measurement) => measurement?.evidence.bins != null) ?? null);
  const bins = shown?.evidence.bins;
  if (shown === null || bins == null) return null;
  const field = profile?.fields.find(({ target: kind, name }) => kind === target.kind && name === target.name);
  const draw = (field?.kind ?? kindOfLabels(bins.labels)) === "numeric" ? histogramChart : categoryChart;
  const period = periodText(shown.window.start, shown.window.end);
  const label = `Distribution of ${target.name}, ${period}, against the reference`;
  return html`<figure class="card"><figcaption><h4>${target.name}${target.kind !== "feature" && html` <small>${target.kind}</small>`}</h4>
<p class="muted">${drifted ? "worst window" : "newest window"}, ${period}</p><p class="figures">${shown.state !== null && stateChip(shown.state)}<span class="muted">${effectText(shown)}</span></p></figcaption>
${draw(bins, label)}</figure>`;
}

function effectText({ value, evidence }: Measurement): string {
  const { psi, logEvidence } = evidence.numbers;
  if (value === null || psi === undefined) return evidence.note;
  return `PSI ${scoreText(psi)}, ln e ${scoreText(logEvidence ?? null)}`;
}

/** Labels of numeric bins are upper edges. */
function kindOfLabels(labels: readonly string[]): "numeric" | "categorical" {
  return labels.every((label) => label.startsWith("≤ ") || label.startsWith("> ")) ? "numeric" : "categorical";
}
