import type { Incident, Measurement } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { type CauseEpisode, causeEpisodes } from "./cause-episodes.ts";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, plural, scoreText, sentenceCase } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip } from "./states.ts";
import { causeWords, explanationOf } from "./verdict.ts";

/** Episodes that are open to the eye; the others are folded. */
const MAX_SHOWN = 5;
/** Episodes of shorter windows that are listed at most. */
const MAX_OTHERS = 20;

/** What went wrong, by first cause and episode, with all that it touched. */
export function incidentsSection({ incidents, windowName }: ReportModel): Html {
  const own = causeEpisodes(incidents.filter((incident) => incident.windowName === windowName));
  const others = causeEpisodes(incidents.filter((incident) => incident.windowName !== windowName));
  return html`<section aria-label="Incidents"><h3>Incidents</h3>
${own.length === 0 ? html`<p class="empty">No target has left its lines.</p>` : own.slice(0, MAX_SHOWN).map(episodeCard)}
${own.length > MAX_SHOWN && html`<details><summary>${plural(own.length - MAX_SHOWN, "further episode")}</summary>${own.slice(MAX_SHOWN).map(episodeCard)}</details>`}
${others.length > 0 && html`<details><summary>${plural(others.length, "episode")} in shorter windows</summary>${others.slice(0, MAX_OTHERS).map(episodeCard)}${others.length > MAX_OTHERS && html`<p class="muted">The worst ${MAX_OTHERS} are listed; the read API has all.</p>`}</details>`}</section>`;
}

function episodeCard(episode: CauseEpisode): Html {
  const { firstCause, windowName, state, open, start, end, incidents } = episode;
  const title = `${sentenceCase(causeWords(firstCause.kind))}${firstCause.target === "" ? "" : `: ${firstCause.target}`}`;
  return html`<article class="card cause ${state}"><header><h4>${title}</h4>${stateChip(state)}<span class="muted">${periodText(start, end)}${open && ", still open"}</span></header>
<p>${explanationOf(episode)}</p>
<div class="frame" tabindex="0" role="group" aria-label="${title}, ${periodText(start, end)}"><table class="figures-table"><caption>What it touched, in windows of ${windowName}</caption>
<thead><tr><th scope="col">target</th><th scope="col" class="text">state</th><th scope="col" class="text">from – to</th><th scope="col" class="text">measure</th><th scope="col">windows</th><th scope="col">worst value</th><th scope="col">line</th><th scope="col">ln e</th></tr></thead>
<tbody>${incidents.map(incidentRow)}</tbody></table></div></article>`;
}

function incidentRow({ target, signal, state, open, windows }: Incident): Html {
  const worst = windows.reduce((found, next) => (departureOf(next) > departureOf(found) ? next : found));
  const period = periodText(windows[0]!.window.start, windows.at(-1)!.window.end);
  const kind = signal === "drift" && target.kind !== "feature" && html` <small>${target.kind}</small>`;
  return html`<tr><th scope="row">${target.name}${kind}</th><td class="text">${stateChip(state)}${open && html` <span class="muted">open</span>`}</td><td class="text">${period}</td><td class="text">${measureWords(worst)}</td><td>${countText(windows.length)}</td><td>${scoreText(worst.value)}</td><td>${scoreText(lineOf(worst))}</td><td>${scoreText(worst.evidence.numbers["logEvidence"] ?? null)}</td></tr>`;
}

/** `ml.drift.severity` as "drift severity", with the rule where it has one. */
function measureWords({ metric, attributes }: Measurement): string {
  const rule = attributes[attr.qualityRule];
  return [metric.replace(/^ml\./, ""), rule === undefined ? "" : `(${rule})`].join(" ").replaceAll(/[._]/g, " ").trim();
}

/** How far a value that is not ok is from what was expected; all of them have left in the bad direction. */
function departureOf({ value, evidence }: Measurement): number {
  const { reference, referenceShare, expected } = evidence.numbers;
  return value === null ? -1 : Math.abs(value - (reference ?? referenceShare ?? expected ?? 0));
}

/** The line that the value crossed. */
function lineOf({ state, threshold, evidence }: Measurement): number | null {
  return state === "warning" ? (evidence.numbers["warningLine"] ?? threshold) : threshold;
}
