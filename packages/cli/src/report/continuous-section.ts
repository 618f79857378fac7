import type { Measurement } from "@tidemark/schema";
import { dayText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, plural, scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip, stateRank } from "./states.ts";

/** Fields in the table at most; the others are counted. */
const SHOWN = 12;

/**
 * What the evidence gathered over all windows says, which only the shortest window has: the fields beyond their alarm lines and
 * nearest to them. Null where the report shows that window anyway, or nothing is read continuously yet.
 */
export function continuousSection(model: ReportModel): Html | null {
  const judged = model.continuous.filter(({ state }) => state !== null && state !== "insufficient_data");
  const [first] = judged;
  if (first === undefined) return null;
  const ranked = judged.toSorted(
    (a, b) => stateRank(b.state!) - stateRank(a.state!) || (b.value ?? 0) - (a.value ?? 0),
  );
  const others = ranked.length - SHOWN;
  const learning = model.continuous.length - judged.length;
  return html`<section aria-label="Drift, read continuously"><h3>Drift, read continuously</h3>
<p class="lead">The evidence of all windows of ${first.window.name} together, to ${dayText(first.window.end)}: a change that is too small for any single window adds up until it is proved. Evidence of 1 is the alarm line, set so that a model in which nothing changes has at most about one false critical in 30 days, however often it is looked at.</p>
<div class="frame" tabindex="0" role="group" aria-label="Continuous verdicts"><table class="figures-table">
<thead><tr><th scope="col">field</th><th scope="col" class="text">verdict</th><th scope="col">evidence</th><th scope="col">rows seen</th><th scope="col">windows seen</th><th scope="col" class="text">not ok since</th></tr></thead>
<tbody>${ranked.slice(0, SHOWN).map((reading) => rowOf(reading, model))}</tbody></table></div>
${others > 0 && html`<p class="muted">${plural(others, "more field")} with less.</p>`}${learning > 0 && html`<p class="muted">${plural(learning, "field")} without a verdict yet: too few windows.</p>`}</section>`;
}

function rowOf(reading: Measurement, model: ReportModel): Html {
  const { target, state, value, evidence } = reading;
  const { rowsSeen = null, looksSeen = null } = evidence.numbers;
  const since = state === "ok" ? null : sinceOf(reading, model);
  return html`<tr title="${evidence.note}"><th scope="row">${target.name}${target.kind !== "feature" && html` <span class="muted">${target.kind}</span>`}</th><td class="text">${stateChip(state!)}</td><td>${scoreText(value)}</td><td>${countText(rowsSeen)}</td><td>${countText(looksSeen)}</td><td class="text">${since === null ? "" : dayText(since)}</td></tr>`;
}

/** Start of the open incident of the field in windows of this length; null where there is none. */
function sinceOf({ target, window }: Measurement, { incidents }: ReportModel): string | null {
  const run = incidents.find(
    (each) =>
      each.open &&
      each.signal === "drift" &&
      each.windowName === window.name &&
      each.target.kind === target.kind &&
      each.target.name === target.name,
  );
  return run?.windows[0]?.window.start ?? null;
}
