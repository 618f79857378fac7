import type { Explanation } from "@tidemark/schema";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, plural, scoreText, sentenceCase } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { causeWords } from "./verdict.ts";

/** Those that are open to the eye. */
const MAX_SHOWN = 3;
/** Those that are listed at most. */
const MAX_LISTED = 20;
/** A part of a change of loss is told from this share of the largest part on. */
const LEAST_PART = 0.05;
/** Standard errors that a 95 % interval reaches to either side. */
const NORMAL_975 = 1.96;

type Loss = NonNullable<Explanation["loss"]>;

/** Why windows turned critical: causes in order, the change of loss in parts, kinds of rows, examples. Null without any. */
export function explanationsSection({ explanations, windowName }: ReportModel): Html | null {
  if (explanations.length === 0) return null;
  const ordered = explanations.toSorted(
    (a, b) =>
      Number(b.window.name === windowName) - Number(a.window.name === windowName) ||
      Number(b.causes.length > 0) - Number(a.causes.length > 0) ||
      (a.window.start < b.window.start ? 1 : -1),
  );
  const folded = ordered.slice(MAX_SHOWN, MAX_LISTED);
  return html`<section aria-label="Why"><h3>Why it changed</h3>
<p class="lead">Each window that was the first to be critical, against the windows before it, from a sample of its records. A cause is named only where it is beyond the ways in which those windows differ among themselves. Associations, not proofs of cause.</p>
${ordered.slice(0, MAX_SHOWN).map(card)}
${folded.length > 0 && html`<details><summary>${plural(folded.length, "further change")}</summary>${folded.map(card)}${ordered.length > MAX_LISTED && html`<p class="muted">${MAX_LISTED} of ${ordered.length} are listed; the read API has all.</p>`}</details>`}</section>`;
}

function card({ window, causes, rows, rowsBefore, windowsBefore, coincident, examples, loss }: Explanation): Html {
  return html`<article class="card"><header><h4>${periodText(window.start, window.end)}</h4><span class="muted">${window.name} window, ${countText(rows)} rows against ${countText(rowsBefore)} of ${plural(windowsBefore, "window")} before</span></header>
${causes.length === 0 ? html`<p>No cause stands out: no kind of change is further than those windows differ among themselves.</p>` : html`<ol>${causes.map(({ kind, target, explanation: text }) => html`<li><strong>${sentenceCase(causeWords(kind))}: ${target}.</strong> ${text}</li>`)}</ol>`}
${coincident.length > 0 && html`<p>At the same time: ${coincident.join("; ")}.</p>`}
${loss !== null && html`<p>${lossSentence(loss)}</p>`}
${loss !== null && lossTable(loss)}
${examples.length > 0 && html`<p class="muted">Predictions to look at (tidemark show ID): ${examples.map(({ id, traceId }) => (traceId === "" ? id : `${id} (trace ${traceId})`)).join(", ")}.</p>`}</article>`;
}

/** `The mean Brier loss rose from 0.149 to 0.195: +0.024 because other inputs came, ...` */
function lossSentence(loss: Loss): string {
  const { name, before, window, covariate, covariateError, concept, conceptError, notComparable, features } = loss;
  const sign = Math.sign(covariate);
  const [first] = features.toSorted((a, b) => sign * (b.covariate - a.covariate));
  const isMostly = first !== undefined && sign * first.covariate > sign * (covariate / 2);
  const parts = [
    {
      value: covariate,
      words: `because other inputs came${isMostly ? `, mostly in ${first.feature}` : ""}${chanceText(covariate, covariateError)}`,
    },
    { value: concept, words: `because the same inputs ended otherwise${chanceText(concept, conceptError)}` },
    { value: notComparable, words: "in rows that have no like before" },
  ].filter(({ value }) => isTold(value, partsOf(loss)));
  const told = parts.map(({ value, words }) => `${changeText(value)} ${words}`);
  return `The mean ${lossName(name)} ${window < before ? "fell" : "rose"} from ${scoreText(before)} to ${scoreText(window)}: ${told.join("; ")}.`;
}

function chanceText(value: number, error: number | null): string {
  return error !== null && Math.abs(value) <= NORMAL_975 * error ? " (which may be chance)" : "";
}

function lossTable(loss: Loss): Html {
  const { name, covariate, covariateError, concept, conceptError, notComparable, segments } = loss;
  const error = (value: number | null) => (value === null ? "" : ` ± ${(NORMAL_975 * value).toFixed(3)}`);
  return html`<div class="frame" tabindex="0" role="group" aria-label="Change of loss"><table class="figures-table"><caption>Where the change of the mean ${lossName(name)} lies, with 95 % intervals</caption>
<thead><tr><th scope="col" class="text">part</th><th scope="col">change</th></tr></thead>
<tbody><tr><th scope="row">other inputs (covariate shift)</th><td>${changeText(covariate)}${error(covariateError)}</td></tr>
<tr><th scope="row">same inputs, other outcomes (concept shift)</th><td>${changeText(concept)}${error(conceptError)}</td></tr>
${isTold(notComparable, partsOf(loss)) && html`<tr><th scope="row">rows that have no like before</th><td>${changeText(notComparable)}</td></tr>`}</tbody></table></div>
${featureTable(loss)}${segments.length > 0 && segmentTable(loss)}`;
}

/** The same change taken apart by feature, which is another way than by kind of shift: the parts need not agree. */
function featureTable(loss: Loss): Html | null {
  const all = [...loss.features.flatMap(({ covariate, concept }) => [covariate, concept]), loss.level];
  const told = loss.features.filter(({ covariate, concept }) => isTold(covariate, all) || isTold(concept, all));
  if (told.length === 0) return null;
  return html`<div class="frame" tabindex="0" role="group" aria-label="By feature"><table class="figures-table"><caption>The same change by feature; ${changeText(loss.level)} is by none of them</caption>
<thead><tr><th scope="col" class="text">feature</th><th scope="col">its values come more or less often</th><th scope="col">its values mean something else</th></tr></thead>
<tbody>${told.map((each) => html`<tr><th scope="row">${each.feature}</th><td>${changeText(each.covariate)}</td><td>${changeText(each.concept)}</td></tr>`)}</tbody></table></div>`;
}

function segmentTable({ segments, name }: Loss): Html {
  return html`<div class="frame" tabindex="0" role="group" aria-label="Kinds of rows"><table class="figures-table"><caption>Kinds of rows that do worse than before, by how much they weigh</caption>
<thead><tr><th scope="col" class="text">rows with</th><th scope="col">rows</th><th scope="col">mean ${lossName(name)} before</th><th scope="col">now</th></tr></thead>
<tbody>${segments.map((each) => html`<tr><th scope="row">${each.name}</th><td>${countText(each.rows)}</td><td>${scoreText(each.lossBefore)}</td><td>${scoreText(each.loss)}</td></tr>`)}</tbody></table></div>`;
}

/** Whether a part is large enough beside the others to be told. */
function isTold(value: number, all: readonly number[]): boolean {
  return Math.abs(value) >= LEAST_PART * Math.max(...all.map(Math.abs)) && value !== 0;
}

function partsOf({ covariate, concept, notComparable }: Loss): number[] {
  return [covariate, concept, notComparable];
}

function changeText(value: number): string {
  const size = Math.abs(value).toFixed(3);
  return Number(size) === 0 ? size : `${value > 0 ? "+" : "−"}${size}`;
}

const LOSS_NAMES: Readonly<Record<string, string>> = {
  brier: "Brier loss",
  zero_one: "share of wrong answers",
  absolute_error: "absolute error",
};

function lossName(name: string): string {
  return LOSS_NAMES[name] ?? name;
}
