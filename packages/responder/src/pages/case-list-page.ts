import { html } from "hono/html";
import type { Session } from "../http/sessions.ts";
import type { AlertQuality, Share } from "../quality/measure-alert-quality.ts";
import type { Action } from "../state/actions.ts";
import type { Case } from "../state/cases.ts";
import { formToken, type Html, page, timeText } from "./layout.ts";

export interface CaseListView {
  readonly session: Session;
  readonly cases: readonly Case[];
  readonly waiting: readonly Action[];
  readonly isKilled: boolean;
  readonly isDryRun: boolean;
  /** Null for people who do not see all models; nor do they hold the kill switch. */
  readonly quality: AlertQuality | null;
}

/** What is open, what waits for a decision, what was lately, and how well alerting does. */
export function caseListPage(view: CaseListView): Html {
  const { session, cases, waiting, isKilled, isDryRun, quality } = view;
  const open = cases.filter(({ closedMs }) => closedMs === null);
  const closed = cases.filter(({ closedMs }) => closedMs !== null).slice(0, 20);
  return page(
    "Cases",
    session,
    html`
${isDryRun ? html`<p class="card warning">Dry run: actions are shown and not taken.</p>` : ""}
${isKilled ? html`<p class="card critical" role="status">The kill switch is on: nothing starts.</p>` : ""}
<section aria-labelledby="waiting"><h2 id="waiting">Waiting for a decision</h2>
${waiting.length === 0 ? html`<p>Nothing.</p>` : html`<ul class="card">${waiting.map(waitingItem)}</ul>`}</section>
<section aria-labelledby="open"><h2 id="open">Open</h2>${caseTable(open, "No case is open.")}</section>
<section aria-labelledby="closed"><h2 id="closed">Closed lately</h2>${caseTable(closed, "None.")}</section>
${quality === null ? "" : html`<section aria-labelledby="quality"><h2 id="quality">How well alerting did, 30 days</h2>${qualityList(quality)}</section>`}
<section aria-labelledby="missed"><h2 id="missed">Something no alert caught?</h2>
<form method="post" action="/missed" class="card">${formToken(session)}
<label>Model <input name="model" required></label>
<label>When it began (UTC) <input type="datetime-local" name="started" required></label>
<label>What happened <textarea name="description" required rows="3"></textarea></label>
<button>Report</button></form></section>
${quality === null ? "" : killSwitch(session, isKilled)}`,
  );
}

function killSwitch(session: Session, isKilled: boolean): Html {
  return html`<section aria-labelledby="kill"><h2 id="kill">Kill switch</h2>
<form method="post" action="/kill-switch" class="card">${formToken(session)}
<input type="hidden" name="on" value="${isKilled ? "no" : "yes"}">
<label>Reason <input name="reason" required></label>
<button class="quiet">${isKilled ? "Let actions start again" : "Let nothing start"}</button></form></section>`;
}

function waitingItem({ caseId, rung, name, model, expiresMs }: Action): Html {
  return html`<li><a href="/cases/${caseId}">${rung} (${name}) for ${model}</a>${
    expiresMs === null ? "" : html`, until ${timeText(expiresMs)}`
  }</li>`;
}

function caseTable(cases: readonly Case[], empty: string): Html {
  if (cases.length === 0) return html`<p>${empty}</p>`;
  return html`<div class="card scroll" tabindex="0" role="group" aria-label="Cases"><table>
<thead><tr><th scope="col">Case</th><th scope="col">State</th><th scope="col">First cause</th><th scope="col">Opened</th></tr></thead>
<tbody>${cases.map(
    ({ id, model, signal, target, state, cause, openedMs }) => html`<tr>
<td><a href="/cases/${id}">${model}: ${target} (${signal})</a></td>
<td><span class="state ${state}">${state}</span></td><td>${cause === null ? "not known" : `${cause.kind} of ${cause.target}`}</td>
<td>${timeText(openedMs)}</td></tr>`,
  )}</tbody></table></div>`;
}

function qualityList(quality: AlertQuality): Html {
  const rows: [string, string][] = [
    ["Cases", String(quality.cases)],
    ["Useful, of those marked", shareText(quality.precision)],
    ["Caught, of incidents known", shareText(quality.recall)],
    ["Fired again within an hour", shareText(quality.flapping)],
    ["Acted upon", shareText(quality.actedUpon)],
    ["Actions taken back", shareText(quality.undone)],
    ["Median time to acknowledge", secondsText(quality.medianSecondsToAcknowledge)],
    ["Median time to resolve", secondsText(quality.medianSecondsToResolve)],
  ];
  return html`<dl class="card">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function shareText(share: Share | null): string {
  if (share === null) return "nothing to measure yet";
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  return `${percent(share.value)} of ${share.of} (95 %: ${percent(share.lower)} to ${percent(share.upper)})`;
}

function secondsText(seconds: number | null): string {
  if (seconds === null) return "nothing to measure yet";
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
