import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";
import { metricCard } from "./metric-card.ts";
import { plural, scoreText } from "./number-text.ts";
import { raisedTable } from "./raised-table.ts";
import type { ReportModel } from "./report-data.ts";
import { type AxisWindow, seriesOf } from "./window-axis.ts";

/** Are the vectors where they were? By vector feature how far their centre moved, and the verdicts that are not ok, in words. Null without any. */
export function embeddingsSection({ measurements }: ReportModel, axis: readonly AxisWindow[]): Html | null {
  const own = measurements.filter(({ target }) => target.kind === "embedding");
  const verdicts = own.filter(
    ({ metric: name, attributes }) =>
      name === metric.driftSeverity &&
      attributes[attr.driftReading] === "window" &&
      attributes[attr.driftReference] === undefined,
  );
  if (verdicts.length === 0) return null;
  const names = [...new Set(verdicts.map(({ target }) => target.name))].sort();
  return html`<section aria-label="Embeddings"><h3>Embeddings</h3>
<p class="lead">Vectors of a feature, such as embeddings of texts: where they point, how long they are, and how far they are from where the reference's lie. One verdict a feature; at most one stable window in a thousand is critical.</p>
${names.map((name) => featurePart(name, verdicts, own, axis))}</section>`;
}

function featurePart(
  name: string,
  verdicts: readonly Measurement[],
  own: readonly Measurement[],
  axis: readonly AxisWindow[],
): Html {
  const mine = verdicts.filter(({ target }) => target.name === name);
  const raised = mine.filter(({ state }) => state === "warning" || state === "critical");
  const judged = mine.filter(({ state }) => state !== "insufficient_data" && state !== "no_data");
  const series = seriesOf(own, axis, { metric: metric.driftCentroidShift, target: { kind: "embedding", name } });
  const usual = series.findLast((each) => each !== null)?.evidence.numbers["usual"];
  const card = metricCard({
    title: `${name}: shift of the centroid`,
    note: "distance of the mean vector from the reference's, in typical distances of a vector from it",
    axis,
    series,
    levels: usual === undefined ? [] : [{ value: usual, kind: "reference" }],
    remarkOf: ({ evidence }) => `cosine ${scoreText(evidence.numbers["cosine"] ?? null)}`,
    format: scoreText,
  });
  const fine = html`<p>In ${plural(judged.length, "window")} the vectors of ${name} lay where the reference's do.</p>`;
  return html`${raised.length === 0 ? fine : raisedTable(`Changes of ${name}`, raised)}${card !== null && html`<div class="cards">${card}</div>`}`;
}
