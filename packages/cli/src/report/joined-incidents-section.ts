import type { JoinedIncident } from "@tidemark/schema";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { plural, sentenceCase } from "./number-text.ts";
import { stateChip } from "./states.ts";
import { causeWords } from "./verdict.ts";

/** Those that are open to the eye; the others are folded. */
const MAX_SHOWN = 5;
/** Those that are listed at most. */
const MAX_LISTED = 50;

/** What several models have in common, before each is told by itself; nothing where they have nothing. */
export function joinedIncidentsSection(joined: readonly JoinedIncident[]): Html | null {
  if (joined.length === 0) return null;
  const folded = joined.slice(MAX_SHOWN, MAX_LISTED);
  return html`<section aria-label="Incidents of several models"><h3>Incidents of several models</h3>
<p class="lead">Each is taken for one thing that happened, because the models have their first cause in an input of one name, went silent together, began with one deployment, or ran on one machine.</p>
${joined.slice(0, MAX_SHOWN).map(card)}
${folded.length > 0 && html`<details><summary>${folded.length} further</summary>${folded.map(card)}${joined.length > MAX_LISTED && html`<p class="muted">${MAX_LISTED} of ${joined.length} are listed; the read API has all.</p>`}</details>`}</section>`;
}

function card({ shared, firstCause, reason, state, open, start, end, models, incidents }: JoinedIncident): Html {
  const title = titleOf(shared, firstCause);
  const byModel = Map.groupBy(incidents, ({ model }) => model);
  const parts = models.map((model) => {
    const own = byModel.get(model) ?? [];
    const targets = [...new Set(own.map(({ target }) => target.name))].join(", ");
    return html`<li><strong>${model}</strong>: ${plural(own.length, "incident")} on ${targets}</li>`;
  });
  return html`<article class="card cause ${state}"><header><h4>${title}</h4>${stateChip(state)}<span class="muted">${periodText(start, end)}${open && ", still open"}</span></header>
<p>${reason} ${firstCause.explanation}</p><ul>${parts}</ul></article>`;
}

function titleOf(shared: JoinedIncident["shared"], { kind }: JoinedIncident["firstCause"]): string {
  const cause = sentenceCase(causeWords(kind));
  if (shared.kind === "deployment") return `Deployment: ${shared.service} ${shared.release}`;
  if (shared.kind === "host") return `${sentenceCase(shared.place)}: ${shared.names.join(", ")}`;
  return shared.kind === "feature" ? `${cause}: ${shared.name}` : cause;
}
