import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateChip } from "./states.ts";

/** Told where harm is. */
const OF_HARM: ReadonlySet<string> = new Set([metric.performanceLoss, metric.performanceHarm]);

/** Which users it hurts: scores by segment and their gaps in the newest window that has any. Null without segments. */
export function segmentsSection({ measurements }: ReportModel): Html | null {
  const all = measurements.filter(
    ({ target, value, metric: name }) => target.kind === "segment" && value !== null && !OF_HARM.has(name),
  );
  const newest = all.reduce<Measurement | null>(
    (latest, each) => (latest === null || each.window.start > latest.window.start ? each : latest),
    null,
  );
  if (newest === null) return null;
  const own = all.filter(({ window }) => window.start === newest.window.start);
  const byName = Map.groupBy(own, ({ attributes }) => attributes[attr.segmentName] ?? "");
  return html`<section aria-label="Segments"><h3>Segments</h3>
<p class="lead">${periodText(newest.window.start, newest.window.end)}. Realised scores by segment with 95 % intervals. A gap's interval holds for whichever segments turn out to be the best and the worst.</p>
${[...byName].map(([name, rows]) => [scoresTable(name, rows), gapsTable(name, rows)])}</section>`;
}

function scoresTable(name: string, rows: readonly Measurement[]): Html {
  const scores = rows.filter((row) => row.metric !== metric.fairnessDisparity);
  const columns = [...new Set(scores.map(({ target }) => target.name))];
  const bySegment = Map.groupBy(scores, ({ attributes }) => attributes[attr.segmentValue] ?? "");
  return html`<div class="frame" tabindex="0" role="group" aria-label="Scores by ${name}"><table class="figures-table"><caption>Scores by ${name}</caption>
<thead><tr><th scope="col">${name}</th><th scope="col">rows</th>${columns.map((column) => html`<th scope="col">${column.replaceAll("_", " ")}</th>`)}</tr></thead>
<tbody>${[...bySegment].map(([value, own]) => html`<tr><th scope="row">${value}</th><td>${countText(own[0]!.count)}</td>${columns.map((column) => scoreCell(own.find(({ target }) => target.name === column)))}</tr>`)}</tbody></table></div>`;
}

function scoreCell(score: Measurement | undefined): Html {
  if (score === undefined) return html`<td></td>`;
  const { value, lower, upper } = score;
  return html`<td title="95 % interval ${scoreText(lower)} to ${scoreText(upper)}">${scoreText(value)}</td>`;
}

function gapsTable(name: string, rows: readonly Measurement[]): Html {
  const gaps = rows.filter((row) => row.metric === metric.fairnessDisparity);
  return html`<div class="frame" tabindex="0" role="group" aria-label="Gaps by ${name}"><table class="figures-table"><caption>Gap between the segments of ${name}</caption>
<thead><tr><th scope="col">score</th><th scope="col">gap</th><th scope="col">95 % interval</th><th scope="col" class="text">highest, lowest</th><th scope="col" class="text">verdict</th></tr></thead>
<tbody>${gaps.map(({ attributes, value, lower, upper, evidence, state }) => html`<tr><th scope="row">${(attributes[attr.performanceScore] ?? "").replaceAll("_", " ")}</th><td>${scoreText(value)}</td><td>${scoreText(lower)} to ${scoreText(upper)}</td><td class="text">${evidence.note}</td><td class="text">${state !== null && stateChip(state)}</td></tr>`)}</tbody></table></div>`;
}
