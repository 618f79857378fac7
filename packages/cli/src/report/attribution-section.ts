import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { percentText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip } from "./states.ts";

/** What moves the predictions in the newest window with attributions, the most important first; null where none were recorded. */
export function attributionSection({ measurements }: ReportModel): Html | null {
  const own = measurements.filter(({ signal }) => signal === "attribution");
  const newest = own
    .map(({ window }) => window.start)
    .sort()
    .at(-1);
  const rows = own.filter(({ window }) => window.start === newest);
  const shares = rows
    .filter((row) => row.metric === metric.attributionImportance)
    .sort((a, b) => b.value! - a.value! || (a.target.name < b.target.name ? -1 : 1));
  if (shares.length === 0) return null;
  const changeOf = (name: string) =>
    rows.find((row) => row.metric === metric.attributionChange && row.target.name === name);
  const ranking = rows.find((row) => row.metric === metric.attributionDrift);
  return html`<section aria-label="Attribution"><h3>What moves the predictions</h3>
${ranking === undefined ? html`<p class="muted">The profile has no importances to compare with: build it with --importances.</p>` : rankingText(ranking)}
<div class="frame" tabindex="0" role="group" aria-label="Attribution by feature"><table class="figures-table"><caption>Share in the absolute attributions, newest window</caption>
<thead><tr><th scope="col">feature</th><th scope="col">share</th><th scope="col">95 % interval</th><th scope="col">reference</th><th scope="col" class="text">verdict</th></tr></thead>
<tbody>${shares.map((share) => shareRow(share, changeOf(share.target.name)))}</tbody></table></div></section>`;
}

function rankingText({ value, lower, upper, state }: Measurement): Html {
  return html`<p>The ranking is ${percentText(value)} away from the reference's (1 - NDCG, ${percentText(lower)} to ${percentText(upper)}) ${state !== null && stateChip(state)}</p>`;
}

function shareRow({ target, value, lower, upper }: Measurement, change: Measurement | undefined): Html {
  return html`<tr><th scope="row">${target.name}</th><td>${percentText(value)}</td><td>${percentText(lower)} – ${percentText(upper)}</td><td>${percentText(change?.evidence.numbers["reference"] ?? null)}</td><td class="text">${change !== undefined && change.state !== null && stateChip(change.state)}</td></tr>`;
}
