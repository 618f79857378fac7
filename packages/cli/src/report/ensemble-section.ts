import type { EnsembleValue, StoredEnsemble } from "@tidemark/processor";
import { dayText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, percentText, scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";

/** Which members earn their place? Null where this version's predictions do not say what members answered. */
export function ensembleSection({ ensembles, entry }: ReportModel): Html | null {
  const own = ensembles.find(({ version, role }) => version === entry.version && role === entry.role);
  if (own === undefined) return null;
  const { windowName, windowEnd, outcomes } = own;
  return html`<section aria-label="Ensemble members"><h3>Ensemble members</h3>
<p class="lead">The newest window of ${windowName}, to ${dayText(windowEnd)}, by ${countText(outcomes)} outcomes, with 95 % intervals. A member helps where the ensemble without it would be worse: its worth is wholly above 0.</p>
<div class="frame" tabindex="0" role="group" aria-label="Members"><table class="figures-table">
<thead><tr><th scope="col">member</th><th scope="col">answered</th><th scope="col">worth</th><th scope="col">weight</th><th scope="col">proposed</th>${columnsOf(own).map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody><tr><th scope="row">the ensemble</th><td></td><td></td><td></td><td></td>${columnsOf(own).map(({ of }) => html`<td>${measuredText(of(own.scores))}</td>`)}</tr>
${own.members.map((member) => html`<tr><th scope="row">${member.name}</th><td>${percentText(member.answered)}</td><td>${measuredText(member.benefit)}</td><td>${scoreText(member.weightInUse)}</td><td>${scoreText(member.weightProposed)}</td>${columnsOf(own).map(({ of }) => html`<td>${measuredText(of(member))}</td>`)}</tr>`)}</tbody></table></div>
${differencesText(own)}${proposalText(own)}</section>`;
}

interface Column {
  readonly title: string;
  readonly of: (scores: StoredEnsemble["scores"]) => EnsembleValue | null;
}

const COLUMNS: readonly Column[] = [
  { title: "squared error", of: ({ loss }) => loss },
  { title: "log loss", of: ({ logLoss }) => logLoss },
  { title: "absolute error", of: ({ mae }) => mae },
  { title: "accuracy", of: ({ accuracy }) => accuracy },
];

/** The scores that answers of this kind have. */
function columnsOf({ scores }: StoredEnsemble): readonly Column[] {
  return COLUMNS.filter(({ of }) => of(scores) !== null);
}

function measuredText(found: EnsembleValue | null): string {
  if (found === null || found.value === null) return "–";
  const { value, lower, upper } = found;
  return lower === null ? scoreText(value) : `${scoreText(value)} (${scoreText(lower)} to ${scoreText(upper)})`;
}

function differencesText({ disagreement, ambiguity, members }: StoredEnsemble): Html | null {
  if (disagreement === null && ambiguity === null) return null;
  const isRead = members.some(({ weightInUse }) => weightInUse !== null);
  return html`<p>${disagreement !== null && html`On ${percentText(disagreement.share)} of the predictions the members do not all have the same class. `}${ambiguity !== null && html`Averaging takes ${scoreText(ambiguity.value)} off their mean squared error${likestPair(ambiguity.likeness)}. `}${!isRead && ambiguity !== null && "The answers are no weighted mean of the members' (a vote, a stacked model, or weights that do not sum to one): weights in use and worth are not told."}</p>`;
}

function likestPair(likeness: Readonly<Record<string, number>>): string {
  const [most] = Object.entries(likeness).toSorted(([, a], [, b]) => b - a);
  return most === undefined
    ? ""
    : `; ${most[0].replace(" | ", " and ")} err most alike (${scoreText(most[1])}, 1 is the same)`;
}

function proposalText({ proposal }: StoredEnsemble): Html | null {
  if (proposal === null) return null;
  const { isProved, lower, upper, note } = proposal;
  return html`<p>${isProved ? html`<strong>Other weights are proposed:</strong> ` : "No other weights are proposed: "}${note}${lower !== null && upper !== null && html` Any-time bounds of the gain: ${scoreText(lower)} to ${scoreText(upper)}.`}</p>`;
}
