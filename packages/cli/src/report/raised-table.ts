import type { Measurement } from "@tidemark/schema";
import { periodText } from "./date-text.ts";
import { type Html, html } from "./html.ts";
import { scoreText } from "./number-text.ts";
import { stateChip } from "./states.ts";

const MOST_WINDOWS = 10;

/** The newest windows whose verdict is not ok, each with what changed in words. */
export function raisedTable(label: string, raised: readonly Measurement[]): Html {
  return html`<div class="frame" tabindex="0" role="group" aria-label="${label}"><table class="figures-table">
<thead><tr><th scope="col" class="text">window</th><th scope="col" class="text">verdict</th><th scope="col">severity</th><th scope="col" class="text">what changed</th></tr></thead>
<tbody>${raised.slice(-MOST_WINDOWS).map(({ window, state, value, evidence }) => html`<tr><th scope="row">${periodText(window.start, window.end)}</th><td class="text">${stateChip(state!)}</td><td>${scoreText(value)}</td><td class="text">${evidence.note}</td></tr>`)}</tbody></table></div>`;
}
