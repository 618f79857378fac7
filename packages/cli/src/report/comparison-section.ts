import { dayText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { countText, scoreText } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";

/** Would another have done better on the same requests? Null where this version is compared with none. */
export function comparisonSection({ comparisons, entry }: ReportModel): Html | null {
  const own = comparisons.filter(
    ({ version, role }) => entry.role === "champion" || (version === entry.version && role === entry.role),
  );
  if (own.length === 0) return null;
  return html`<section aria-label="Models side by side"><h3>Models side by side</h3>
<p class="lead">Mean loss of each challenger less the champion's on the same requests: below 0 the challenger is better. The bounds hold at every look together with 95 %, so the verdict may be read at any time; the first decision stands.</p>
<div class="frame" tabindex="0" role="group" aria-label="Comparisons"><table class="figures-table">
<thead><tr><th scope="col">against the champion</th><th scope="col" class="text">verdict</th><th scope="col">pairs</th><th scope="col">difference</th><th scope="col">any-time bounds</th><th scope="col" class="text">as of</th></tr></thead>
<tbody>${own.map(({ role, version, verdict, pairs, difference, lower, upper, note, windowEnd }) => html`<tr title="${note}"><th scope="row">${role} ${version}</th><td class="text">${verdict.replaceAll("_", " ")}</td><td>${countText(pairs)}</td><td>${scoreText(difference)}</td><td>${scoreText(lower)} to ${scoreText(upper)}</td><td class="text">${dayText(windowEnd)}</td></tr>`)}</tbody></table></div></section>`;
}
