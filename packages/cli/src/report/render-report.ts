import { dateText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { joinedIncidentsSection } from "./joined-incidents-section.ts";
import { modelArticle } from "./model-article.ts";
import type { ReportData, ReportModel } from "./report-data.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { stateChip } from "./states.ts";
import { verdictOf } from "./verdict.ts";

/**
 * The report as one HTML page that needs nothing else: no request, no script. Pure: equal data give equal bytes.
 * Whatever stands in the data is escaped.
 */
export function renderReport({ generatedAt, models, joinedIncidents, ingest }: ReportData): string {
  const names = [...new Set(models.map(({ entry }) => entry.model))].join(", ");
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${names === "" ? "Tidemark report" : `${names}: Tidemark report`}</title><link rel="icon" href="data:,">${REPORT_STYLE}</head>
<body><header class="page"><div class="brand">${logo()}<h1>Tidemark</h1></div><p class="muted">Model health report, made ${dateText(`${generatedAt.slice(0, 16)}:00Z`)} UTC</p></header>
<main>${models.length === 0 ? empty() : [models.length > 1 && contents(models), joinedIncidentsSection(joinedIncidents), models.map((model, index) => modelArticle(model, `model-${index}`, ingest))]}</main>
<footer class="page"><p>Times are UTC and event time. Made by Tidemark from the processor's read API.</p></footer></body></html>
`;
  return page.text;
}

function contents(models: readonly ReportModel[]): Html {
  return html`<nav aria-label="Models"><ul>${models.map((model, index) => html`<li><a href="#model-${index}">${model.entry.model} ${model.entry.version}</a> ${stateChip(verdictOf(model).state)}</li>`)}</ul></nav>`;
}

function empty(): Html {
  return html`<article class="model"><header class="verdict insufficient_data"><h2>No model yet</h2><p class="sentence">The processor has received no prediction. Send <code>ml.inference.details</code> events to its OTLP endpoint, and open this page again.</p></header></article>`;
}

/** A wave under the mark it once reached. */
function logo(): Html {
  return html`<svg class="logo" viewBox="0 0 36 36" aria-hidden="true"><path class="mark-line" d="M4 9h28"/><path class="wave" d="M2 22c4-6 8-6 12 0s8 6 12 0 6-5 8-3v13H2z"/></svg>`;
}
