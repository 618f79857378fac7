import { attr, metric } from "@tidemark/semconv";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, percentText, secondsText } from "./number-text.ts";
import type { ReportData, ReportModel } from "./report-data.ts";
import type { AxisWindow } from "./window-axis.ts";

/** States of outcomes in a window, as people read them; `matched` is the rule and has its own column. */
const STATES = {
  late: "beyond the horizon",
  duplicate: "told again",
  corrected: "corrected",
  conflict: "in conflict",
  unknown_class: "of an unknown class",
  wrong_kind: "of a kind that is not scored",
} as const;
const MAX_ROWS = 12;

/** How the truth came in: by window, over all, and what was refused at the door. */
export function outcomesSection(
  { measurements, outcomes }: ReportModel,
  axis: readonly AxisWindow[],
  ingest: ReportData["ingest"],
): Html | null {
  if (outcomes.outcomes === 0 && ingest.every(({ result }) => result === "accepted")) return null;
  const windows = axis.slice(-MAX_ROWS).reverse();
  const facts: readonly (readonly [string, number])[] = [
    ["ids with an outcome", outcomes.outcomes],
    ["joined to a prediction", outcomes.matched],
    ["without a prediction", outcomes.orphans],
    ["told again", outcomes.duplicates],
    ["corrected later", outcomes.corrected],
    ["in conflict at one instant", outcomes.conflicts],
  ];
  const refused = ingest.filter(({ result }) => result !== "accepted");
  return html`<section aria-label="Outcomes"><h3>Outcomes</h3>
<p class="lead">Of several truths for one id the latest counts; of two at one instant, always the same one. Outcomes of a class that the reference never had are not scored.</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${countText(value)}</dd></div>`)}</dl>
${
  windows.length > 0 &&
  html`<div class="frame" tabindex="0" role="group" aria-label="Outcomes by window"><table class="figures-table"><caption>How the truth came in, the newest ${windows.length} windows</caption>
<thead><tr><th scope="col">window</th><th scope="col">coverage</th><th scope="col">maturity</th><th scope="col">delay, median</th><th scope="col">90 %</th><th scope="col">99 %</th><th scope="col">joined</th><th scope="col" class="text">not simply joined</th></tr></thead>
<tbody>${windows.map((window) => outcomeRow(measurements, window))}</tbody></table></div>`
}
${
  refused.length > 0 &&
  html`<div class="frame" tabindex="0" role="group" aria-label="Refused records"><table class="figures-table"><caption>Not accepted since the processor started, all models</caption>
<thead><tr><th scope="col">reason</th><th scope="col" class="text">record</th><th scope="col" class="text">result</th><th scope="col">count</th></tr></thead>
<tbody>${refused.map(({ record, result, reason, count }) => html`<tr><th scope="row">${reason.replaceAll("_", " ")}</th><td class="text">${record}</td><td class="text">${result}</td><td>${countText(count)}</td></tr>`)}</tbody></table></div>`
}</section>`;
}

function outcomeRow(measurements: ReportModel["measurements"], { start, end }: AxisWindow): Html {
  const own = measurements.filter(({ window, target }) => window.start === start && target.kind === "outcome");
  const one = (name: string, attribute?: string, value?: string) =>
    own.find((each) => each.metric === name && (attribute === undefined || each.attributes[attribute] === value))
      ?.value ?? null;
  const state = (name: string) => one(metric.outcomeCount, attr.outcomeResult, name);
  const odd = Object.entries(STATES).flatMap(([name, words]) => {
    const count = state(name);
    return count === null ? [] : [`${countText(count)} ${words}`];
  });
  const delay = (quantile: string) => secondsText(one(metric.outcomeDelay, attr.quantile, quantile));
  return html`<tr><th scope="row">${periodText(start, end)}</th><td>${percentText(one(metric.outcomeCoverage))}</td><td>${percentText(one(metric.outcomeMaturity))}</td><td>${delay("0.5")}</td><td>${delay("0.9")}</td><td>${delay("0.99")}</td><td>${countText(state("matched"))}</td><td class="text">${odd.join(", ")}</td></tr>`;
}
