import type { AlertingRecord } from "@tidemark/responder";
import { dateText } from "../report/date-text.ts";
import { type Html, html } from "../report/html.ts";
import { REPORT_STYLE } from "../report/report-style.ts";
import { stateChip } from "../report/states.ts";
import type { Decision, EpisodeReview, ModelReview, Review, ScoreReview } from "./review-data.ts";
import { qualityRows, timesText, volumeText } from "./review-markdown.ts";

/** A review as one HTML page that needs nothing else: no request, no script. Pure. */
export function reviewPage(review: Review): string {
  const { title, generatedAt, summary, decisions, models, alerting, limits } = review;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><link rel="icon" href="data:,">${REPORT_STYLE}</head>
<body><header class="page"><h1>${title}</h1><p class="muted">made ${dateText(`${generatedAt.slice(0, 16)}:00Z`)} UTC</p></header>
<main class="model"><section class="verdict ${worstOf(models)}" aria-label="Summary">${summary.map((sentence) => html`<p class="sentence">${sentence}</p>`)}</section>
<section aria-label="Decisions due"><h2>Decisions due</h2>${decisions.length === 0 ? html`<p class="clean">None.</p>` : decisionTable(decisions)}</section>
${models.map(modelSection)}
${alerting === null ? null : alertingSection(alerting)}
<section class="method" aria-label="How to read this"><h3>How to read this</h3>${limits.map((limit) => html`<p>${limit}</p>`)}</section></main>
<footer class="page"><p>Times are UTC and event time. Made by Tidemark.</p></footer></body></html>
`;
  return page.text;
}

function worstOf(models: readonly ModelReview[]): string {
  const states = models.map(({ state }) => state);
  return (["critical", "no_data", "warning", "ok"] as const).find((state) => states.includes(state)) ?? "";
}

function decisionTable(decisions: readonly Decision[]): Html {
  return figures(
    "Decisions due",
    ["when", "who", "what"],
    decisions.map(({ urgency, role, text }) => [urgency, role, html`<span class="long">${text}</span>`]),
  );
}

function modelSection(model: ModelReview): Html {
  const { name, state, sentence, scores, episodes, drifting } = model;
  return html`<section aria-label="${name}"><h2>${name} ${stateChip(state)}</h2><p class="lead">${sentence} ${volumeText(model)}</p>
${scores.length > 0 && figures(`Scores of ${name}`, ["score", "now", "95 %", "reference", "earlier", "change", "trend"], scores.map(scoreRow))}
${episodes.length === 0 ? html`<p class="clean">Nothing left its lines in the period.</p>` : episodes.map(episodeCard)}
${drifting.length > 0 && html`<p class="clean">Inputs outside their lines: ${drifting.map(({ feature, windows, of }) => `${feature} in ${windows} of ${of} windows`).join(", ")}.</p>`}</section>`;
}

function scoreRow({ title, format, value, interval, state, reference, before, change, trend }: ScoreReview) {
  return [
    title,
    html`${format(value)} ${state === null || state === "ok" ? null : stateChip(state)}`,
    interval === null ? "" : interval.map((bound) => format(bound)).join(" to "),
    reference === null ? "" : format(reference),
    before === null ? "" : format(before),
    change,
    trendLine(title, trend),
  ];
}

function episodeCard({ state, title, periods, status, explanation, touched }: EpisodeReview): Html {
  return html`<article class="card cause ${state}"><header><h4>${title}</h4>${stateChip(state)}<span class="muted">${timesText(periods)}, ${status}</span></header>
<p>${explanation}</p><p class="muted">It touched ${touched.join(", ")}.</p></article>`;
}

function alertingSection({ quality, uses, missed, actions }: AlertingRecord): Html {
  return html`<section aria-label="Alerts and people"><h2>Alerts and people</h2>
${figures("How well alerting did", ["", ""], qualityRows(quality))}
${
  uses.length > 0 &&
  figures(
    "What became of each alert",
    ["alert", "model", "about", "cases", "useful", "noise", "untouched"],
    uses.map(({ alert, model, target, signal, cases, useful, noise, untouched }) => [
      alert,
      model,
      `${target} (${signal})`,
      cases,
      useful,
      noise,
      untouched,
    ]),
  )
}${
  actions.length > 0 &&
  figures(
    "Actions",
    ["action", "model", "what came of it", "decided by"],
    actions.map(({ rung, name, model, status, actor }) => [
      `${rung.replaceAll("_", " ")} (${name})`,
      model,
      status.replaceAll("_", " "),
      actor ?? "nobody",
    ]),
  )
}${missed.length > 0 && html`<h3>Not caught by any alert</h3>${missed.map(({ model, description }) => html`<p>${model}: ${description}</p>`)}`}</section>`;
}

type Cell = string | number | Html;

function figures(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="frame" tabindex="0" role="group" aria-label="${caption}"><table class="figures-table review"><caption>${caption}</caption>
<thead><tr>${head.map((name) => html`<th scope="col" class="text">${name}</th>`)}</tr></thead>
<tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td class="text">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

const [WIDTH, HEIGHT, ROOM] = [110, 24, 3];

/** A small line of one value a window, with a dot at the newest. */
function trendLine(title: string, values: readonly (number | null)[]): Html {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (index: number) => ROOM + ((WIDTH - 2 * ROOM) * index) / Math.max(1, values.length - 1);
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - ROOM - ((HEIGHT - 2 * ROOM) * (value - low)) / (high - low);
  let path = "";
  values.forEach((value, index) => {
    if (value === null) return;
    path += `${(values[index - 1] ?? null) === null ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  const last = values.findLastIndex((value) => value !== null);
  return html`<svg class="spark" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title} over ${values.length} windows"><path class="line" d="${path}"/><circle class="mark" cx="${x(last).toFixed(1)}" cy="${y(values[last]!).toFixed(1)}" r="2.4"/></svg>`;
}
