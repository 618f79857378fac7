import type { Measurement } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { dayText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip, stateRank } from "./states.ts";

/** Segments that are shown; the worst come first. */
const MAX_SEGMENTS = 25;

/**
 * Is it proved that the model does harm? The verdict as it stands and the worst one so far, and as it stands by segment. Null
 * where nothing is watched.
 */
export function harmSection({ harm, segmentHarm }: ReportModel): Html | null {
  const judged = harm.filter(({ state }) => state !== null);
  const newest = judged.at(-1);
  if (newest === undefined) return null;
  const worst = judged.reduce((a, b) => (stateRank(b.state!) > stateRank(a.state!) ? b : a));
  const rows = worst.window.start === newest.window.start || worst.state === newest.state ? [newest] : [newest, worst];
  return html`<section aria-label="Harmful shift"><h3>Is harm proved?</h3>
<p class="lead">The mean loss over all windows since a time, against the reference's with its own uncertainty. Critical: proved to be higher by more than the tolerance. The bounds hold at every look together with 95 %, so the verdict may be read at any time; a rise that is too small to be proved is no alarm.</p>
${harmTable("Harmful shift", "as of", rows, ({ window }) => dayText(window.end))}
${segmentsOf(segmentHarm)}</section>`;
}

/** A model that is fine on the average may harm one group. */
function segmentsOf(all: readonly Measurement[]): Html | null {
  const judged = all.filter(({ state }) => state !== null);
  const values = judged
    .filter(({ attributes }) => attributes[attr.segmentValue] !== undefined)
    .toSorted((a, b) => stateRank(b.state!) - stateRank(a.state!) || beyond(b) - beyond(a));
  const unjudged = judged.filter(({ attributes }) => attributes[attr.segmentValue] === undefined);
  if (values.length + unjudged.length === 0) return null;
  const hidden = values.length - MAX_SEGMENTS;
  const { segmentName, segmentValue } = attr;
  return html`<p class="lead">By segment, each against its own reference; all verdicts of the model share the 5 % of error. ${unjudged.map(({ attributes, evidence }) => html`<strong>${attributes[segmentName]}</strong>: ${evidence.note} `)}</p>
${values.length > 0 && harmTable("Harmful shift by segment", "segment", values.slice(0, MAX_SEGMENTS), ({ attributes }) => `${attributes[segmentName]} ${attributes[segmentValue]}`)}
${hidden > 0 && html`<p class="muted">${hidden} more, none of them worse, are under /v1/measurements?metric=ml.performance.harm.</p>`}`;
}

function harmTable(
  label: string,
  first: string,
  rows: readonly Measurement[],
  name: (row: Measurement) => string,
): Html {
  return html`<div class="frame" tabindex="0" role="group" aria-label="${label}"><table class="figures-table">
<thead><tr><th scope="col">${first}</th><th scope="col" class="text">verdict</th><th scope="col">mean loss</th><th scope="col">any-time bounds</th><th scope="col">reference</th><th scope="col">alarm line</th></tr></thead>
<tbody>${rows.map((row) => rowOf(row, name(row)))}</tbody></table></div>`;
}

function rowOf({ state, value, lower, upper, threshold, evidence }: Measurement, name: string): Html {
  const bounds = lower === null ? "" : html`${scoreText(lower)} to ${scoreText(upper)}`;
  return html`<tr title="${evidence.note}"><th scope="row">${name}</th><td class="text">${stateChip(state!)}</td><td>${scoreText(value)}</td><td>${bounds}</td><td>${scoreText(evidence.numbers["reference"] ?? null)}</td><td>${scoreText(threshold)}</td></tr>`;
}

/** How far the lower bound is beyond the line. */
function beyond({ lower, threshold }: Measurement): number {
  return (lower ?? Number.NEGATIVE_INFINITY) - (threshold ?? 0);
}
