import { attributionSection } from "./attribution-section.ts";
import { causeEpisodes } from "./cause-episodes.ts";
import { comparisonSection } from "./comparison-section.ts";
import { conceptSection } from "./concept-section.ts";
import { continuousSection } from "./continuous-section.ts";
import { controlSection } from "./control-section.ts";
import { dayText } from "./date-text.ts";
import { distributionsSection } from "./distributions-section.ts";
import { driftSection } from "./drift-section.ts";
import { embeddingsSection } from "./embeddings-section.ts";
import { ensembleSection } from "./ensemble-section.ts";
import { estimationSection } from "./estimation-section.ts";
import { explanationsSection } from "./explanations-section.ts";
import { harmSection } from "./harm-section.ts";
import { type Html, html } from "./html.ts";
import { incidentsSection } from "./incidents-section.ts";
import { type Fact, leadScore } from "./lead-score.ts";
import { methodSection } from "./method-section.ts";
import { multivariateSection } from "./multivariate-section.ts";
import { countText, percentText, plural } from "./number-text.ts";
import { outcomesSection } from "./outcomes-section.ts";
import { overviewSection } from "./overview-section.ts";
import { performanceSection } from "./performance-section.ts";
import { qualitySection } from "./quality-section.ts";
import type { ReportData, ReportModel } from "./report-data.ts";
import { segmentsSection } from "./segments-section.ts";
import { serviceSection } from "./service-section.ts";
import { stateChip } from "./states.ts";
import { verdictOf } from "./verdict.ts";
import { windowAxis } from "./window-axis.ts";

/** All of one model version: the verdict first, then when, why, and what it rests on. `id`: of the element. */
export function modelArticle(whole: ReportModel, id: string, ingest: ReportData["ingest"]): Html {
  const axis = windowAxis(whole.measurements);
  // Segments have the same scores under the same names; only their own section wants them.
  const all = { ...whole, measurements: whole.measurements.filter(({ target }) => target.kind !== "segment") };
  // Estimates have the names of realised scores, too.
  const model = { ...all, measurements: all.measurements.filter(({ signal }) => signal !== "estimation") };
  return html`<article class="model" id="${id}">${header(model)}
${
  axis.length === 0
    ? null
    : [
        overviewSection(all, axis),
        incidentsSection(model),
        explanationsSection(model),
        performanceSection(model, axis),
        estimationSection(all, axis),
        harmSection(whole),
        conceptSection(all, axis),
        segmentsSection(whole),
        comparisonSection(whole),
        ensembleSection(whole),
        outcomesSection(model, axis, ingest),
        driftSection(model, axis),
        continuousSection(whole),
        multivariateSection(model, axis),
        embeddingsSection(model, axis),
        distributionsSection(model, axis),
        attributionSection(model),
        qualitySection(model),
        controlSection(model, axis),
        serviceSection(model, axis),
      ]
}${methodSection(model)}</article>`;
}

function header(model: ReportModel): Html {
  const { entry, windowName, incidents, measurements } = model;
  const { state, sentence } = verdictOf(model);
  const own = incidents.filter((incident) => incident.windowName === windowName);
  const windows = new Set(measurements.map(({ window }) => window.start)).size;
  const open = own.filter((incident) => incident.open).length;
  const known = entry.predictions > 0 ? `${percentText(entry.outcomes / entry.predictions)} of predictions` : "";
  const facts: readonly Fact[] = [
    ...leadScore(model),
    { name: "Predictions", value: countText(entry.predictions), aside: "" },
    { name: "Outcomes", value: countText(entry.outcomes), aside: known },
    { name: "Windows judged", value: countText(windows), aside: windowName === null ? "" : `of ${windowName}` },
    {
      name: "Incidents",
      value: countText(own.length),
      aside: own.length === 0 ? "" : `${plural(causeEpisodes(own).length, "episode")}, ${countText(open)} open`,
    },
  ];
  return html`<header class="verdict ${state}"><p class="muted">${entry.role} · version ${entry.version} · ${dayText(entry.firstTime)} – ${dayText(entry.lastTime)}</p>
<h2>${entry.model} ${stateChip(state)}</h2><p class="sentence">${sentence}</p>
<dl class="facts">${facts.map(({ name, value, aside }) => html`<div><dt>${name}</dt><dd>${value}${aside !== "" && html` <span class="muted">${aside}</span>`}</dd></div>`)}</dl></header>`;
}
