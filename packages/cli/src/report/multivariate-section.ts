import { attr, metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { metricCard } from "./metric-card.ts";
import { plural, scoreText } from "./number-text.ts";
import { raisedTable } from "./raised-table.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip } from "./states.ts";
import { type AxisWindow, seriesOf } from "./window-axis.ts";

const TARGET = { kind: "dataset", name: "multivariate" } as const;

/** Do the features still move together? The verdicts that are not ok, in words, and the reconstruction error. Null without either. */
export function multivariateSection(
  { measurements, continuous }: ReportModel,
  axis: readonly AxisWindow[],
): Html | null {
  const own = measurements.filter(({ target }) => target.kind === TARGET.kind && target.name === TARGET.name);
  const errors = seriesOf(own, axis, { metric: metric.driftReconstructionError, target: TARGET });
  const verdicts = own.filter(
    ({ metric: name, attributes }) =>
      name === metric.driftSeverity &&
      attributes[attr.driftReading] === "window" &&
      attributes[attr.driftReference] === undefined,
  );
  if (verdicts.length === 0) return null;
  const raised = verdicts.filter(({ state }) => state === "warning" || state === "critical");
  const stream = [...own, ...continuous].findLast(
    ({ target, metric: name, attributes }) =>
      target.name === TARGET.name && name === metric.driftSeverity && attributes[attr.driftReading] === "stream",
  );
  const newest = errors.findLast((each) => each !== null);
  const reference = newest?.evidence.numbers["reference"];
  const card = metricCard({
    title: "Reconstruction error",
    note: "distance of rows from the reference's principal components; both sides are a change",
    axis,
    series: errors,
    levels: reference === undefined ? [] : [{ value: reference, kind: "reference" }],
    format: scoreText,
  });
  return html`<section aria-label="Multivariate drift"><h3>All features together</h3>
<p class="lead">What no single feature shows: correlations that break, values that change places. One verdict for the joint distribution; at most one stable window in a thousand is critical.</p>
${raised.length === 0 ? html`<p>In ${plural(verdicts.length, "window")} the features moved together as in the reference.</p>` : raisedTable("Changes of all features together", raised)}
${stream !== undefined && stream.state !== null && html`<p>Over all windows so far: ${stateChip(stream.state)} ${stream.evidence.note}</p>`}
${pairsTable(measurements)}${card !== null && html`<div class="cards">${card}</div>`}</section>`;
}

/** The features that moved together in the reference, in the newest window that has them. */
function pairsTable(measurements: ReportModel["measurements"]): Html | null {
  const all = measurements.filter((each) => each.metric === metric.dataQualityCorrelation);
  const newest = all
    .map(({ window }) => window.start)
    .sort()
    .at(-1);
  const pairs = all.filter(({ window }) => window.start === newest);
  if (pairs.length === 0) return null;
  return html`<div class="frame" tabindex="0" role="group" aria-label="Correlations"><table class="figures-table"><caption>Features that move together, newest window</caption>
<thead><tr><th scope="col">features</th><th scope="col">rank correlation</th><th scope="col">95 % interval</th><th scope="col">reference</th><th scope="col" class="text">verdict</th></tr></thead>
<tbody>${pairs.map(({ target, value, lower, upper, state, evidence }) => html`<tr title="${evidence.note}"><th scope="row">${target.name}</th><td>${scoreText(value)}</td><td>${scoreText(lower)} – ${scoreText(upper)}</td><td>${scoreText(evidence.numbers["reference"] ?? null)}</td><td class="text">${stateChip(state!)}</td></tr>`)}</tbody></table></div>`;
}
