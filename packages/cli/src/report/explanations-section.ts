import type { Explanation } from "@tidemark/schema";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, plural, scoreText, sentenceCase } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { causeWords } from "./verdict.ts";

/** The newest are open to the eye. */
const MAX_SHOWN = 3;

/** Why windows turned critical: causes in order, the change of loss in parts, kinds of rows, examples. Null without any. */
export function explanationsSection({ explanations, windowName }: ReportModel): Html | null {
  const own = explanations.filter(({ window }) => window.name === windowName).toReversed();
  if (own.length === 0) return null;
  return html`<section aria-label="Why"><h3>Why it changed</h3>
<p class="lead">Each first critical window against the windows before it, from a sample of its records. Only what is beyond the ways in which those windows differ among themselves is named. Associations, not proofs of cause.</p>
${own.slice(0, MAX_SHOWN).map(card)}
${own.length > MAX_SHOWN && html`<details><summary>${plural(own.length - MAX_SHOWN, "earlier change")}</summary>${own.slice(MAX_SHOWN).map(card)}</details>`}</section>`;
}

function card(explanation: Explanation): Html {
  const { window, causes, rows, rowsBefore, windowsBefore, coincident, examples } = explanation;
  return html`<article class="card"><header><h4>${periodText(window.start, window.end)}</h4><span class="muted">${countText(rows)} rows against ${countText(rowsBefore)} of ${plural(windowsBefore, "window")}</span></header>
${causes.length === 0 ? html`<p>Nothing in inputs or losses is beyond what is usual.</p>` : html`<ol>${causes.map(({ kind, target, explanation: text }) => html`<li><strong>${sentenceCase(causeWords(kind))}: ${target}.</strong> ${text}</li>`)}</ol>`}
${coincident.length > 0 && html`<p>At the same time: ${coincident.join("; ")}.</p>`}
${explanation.loss !== null && lossTable(explanation.loss)}
${examples.length > 0 && html`<p class="muted">Examples: ${examples.map(({ id, traceId }) => (traceId === "" ? id : `${id} (trace ${traceId})`)).join(", ")}.</p>`}</article>`;
}

function lossTable(loss: NonNullable<Explanation["loss"]>): Html {
  const { before, window, covariate, covariateError, concept, conceptError, notComparable, features, segments } = loss;
  const error = (value: number | null) => (value === null ? "" : ` ± ${scoreText(1.96 * value)}`);
  return html`<div class="frame" tabindex="0" role="group" aria-label="Change of loss"><table class="figures-table"><caption>Mean ${loss.name.replaceAll("_", " ")} loss ${scoreText(before)} before, ${scoreText(window)} now</caption>
<thead><tr><th scope="col" class="text">part</th><th scope="col">change of loss</th></tr></thead>
<tbody><tr><th scope="row">other inputs (covariate)</th><td>${scoreText(covariate)}${error(covariateError)}</td></tr>
<tr><th scope="row">same inputs, other outcomes (concept)</th><td>${scoreText(concept)}${error(conceptError)}</td></tr>
<tr><th scope="row">cannot be compared</th><td>${scoreText(notComparable)}</td></tr>
${features.slice(0, 5).map((each) => html`<tr><th scope="row">feature ${each.feature}</th><td>${scoreText(each.covariate)} by its mix, ${scoreText(each.concept)} by its effect</td></tr>`)}
${segments.map((each) => html`<tr><th scope="row">rows with ${each.name} (${countText(each.rows)})</th><td>${scoreText(each.lossBefore)} to ${scoreText(each.loss)}</td></tr>`)}</tbody></table></div>`;
}
