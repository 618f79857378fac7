import { dayText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip, stateRank } from "./states.ts";

/** Is it proved that the model does harm? The verdict as it stands and the worst one so far. Null where nothing is watched. */
export function harmSection({ harm }: ReportModel): Html | null {
  const judged = harm.filter(({ state }) => state !== null);
  const newest = judged.at(-1);
  if (newest === undefined) return null;
  const worst = judged.reduce((a, b) => (stateRank(b.state!) > stateRank(a.state!) ? b : a));
  const rows = worst.window.start === newest.window.start || worst.state === newest.state ? [newest] : [newest, worst];
  return html`<section aria-label="Harmful shift"><h3>Is harm proved?</h3>
<p class="lead">The mean loss over all windows since a time, against the reference's with its own uncertainty. Critical: proved to be higher by more than the tolerance. The bounds hold at every look together with 95 %, so the verdict may be read at any time; a rise that is too small to be proved is no alarm.</p>
<div class="frame" tabindex="0" role="group" aria-label="Harmful shift"><table class="figures-table">
<thead><tr><th scope="col">as of</th><th scope="col" class="text">verdict</th><th scope="col">mean loss</th><th scope="col">any-time bounds</th><th scope="col">reference</th><th scope="col">alarm line</th></tr></thead>
<tbody>${rows.map(({ window, state, value, lower, upper, threshold, evidence }) => html`<tr title="${evidence.note}"><th scope="row">${dayText(window.end)}</th><td class="text">${stateChip(state!)}</td><td>${scoreText(value)}</td><td>${lower === null ? "" : html`${scoreText(lower)} to ${scoreText(upper)}`}</td><td>${scoreText(evidence.numbers["reference"] ?? null)}</td><td>${scoreText(threshold)}</td></tr>`)}</tbody></table></div></section>`;
}
