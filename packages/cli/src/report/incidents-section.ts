import type { Incident, Measurement } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, plural, scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip, worstState } from "./states.ts";
import { byWeight, causeWords, explanationOf } from "./verdict.ts";

/** Incidents of shorter windows that are listed at most. */
const MAX_OTHERS = 40;

/** What went wrong, grouped by first cause, so that one fault is read once and not once a target. */
export function incidentsSection({ incidents, windowName }: ReportModel): Html {
  const own = incidents.filter((incident) => incident.windowName === windowName).sort(byWeight);
  const others = incidents.filter((incident) => incident.windowName !== windowName).sort(byWeight);
  return html`<section aria-label="Incidents"><h3>Incidents</h3>
${own.length === 0 ? html`<p class="empty">No target has left its lines.</p>` : causeGroups(own)}
${others.length > 0 && html`<details><summary>${plural(others.length, "incident")} in shorter windows</summary>${causeGroups(others.slice(0, MAX_OTHERS))}${others.length > MAX_OTHERS && html`<p class="muted">The worst ${MAX_OTHERS} are listed; the read API has all.</p>`}</details>`}</section>`;
}

function causeGroups(incidents: readonly Incident[]): Html[] {
  const groups = Map.groupBy(incidents, ({ firstCause, windowName }) =>
    [firstCause.kind, firstCause.target, windowName].join("\n"),
  );
  return [...groups.values()].map(causeGroup);
}

function causeGroup(incidents: readonly Incident[]): Html {
  const { firstCause, windowName } = incidents[0]!;
  const state = worstState(incidents.map((incident) => incident.state)) ?? "warning";
  const isOpen = incidents.some((incident) => incident.open);
  return html`<article class="card cause ${state}"><header><h4>${sentenceCase(causeWords(firstCause.kind))}${firstCause.target !== "" && html`: ${firstCause.target}`}</h4>${stateChip(state)}<span class="muted">${isOpen ? "open" : "over"}</span></header>
<p>${explanationOf(incidents[0]!)}</p>
<div class="frame" tabindex="0" role="group" aria-label="Targets affected by ${firstCause.target}"><table class="figures-table"><caption>What it touched, in windows of ${windowName}</caption>
<thead><tr><th scope="col">target</th><th scope="col" class="text">state</th><th scope="col" class="text">from – to</th><th scope="col" class="text">measure</th><th scope="col">windows</th><th scope="col">worst value</th><th scope="col">line</th><th scope="col">ln e</th></tr></thead>
<tbody>${incidents.map(incidentRow)}</tbody></table></div></article>`;
}

function incidentRow({ target, state, open, windows }: Incident): Html {
  const worst = worstWindow(windows);
  const period = periodText(windows[0]!.window.start, windows.at(-1)!.window.end);
  return html`<tr><th scope="row">${target.name}</th><td class="text">${stateChip(state)}${open && html` <span class="muted">open</span>`}</td><td class="text">${period}</td><td class="text">${measureWords(worst)}</td><td>${countText(windows.length)}</td><td>${scoreText(worst.value)}</td><td>${scoreText(worst.threshold)}</td><td>${scoreText(worst.evidence.numbers["logEvidence"] ?? null)}</td></tr>`;
}

/** `ml.drift.severity` as "drift severity", with the rule where it has one. */
function measureWords({ metric, attributes }: Measurement): string {
  const rule = attributes[attr.qualityRule];
  return [metric.replace(/^ml\./, ""), rule === undefined ? "" : `(${rule})`].join(" ").replaceAll(/[._]/g, " ").trim();
}

/** The window furthest from its line. */
function worstWindow(windows: readonly Measurement[]): Measurement {
  const distance = ({ value, threshold }: Measurement) => (value === null ? -1 : Math.abs(value - (threshold ?? 0)));
  return windows.reduce((worst, window) => (distance(window) > distance(worst) ? window : worst));
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
