import { MONITOR_STATES, type MonitorState } from "@tidemark/semconv";
import { type Html, html } from "./html.ts";

interface StateLook {
  readonly word: string;
  /** Tells the state without colour. */
  readonly glyph: string;
}

const LOOKS: Readonly<Record<MonitorState, StateLook>> = {
  ok: { word: "ok", glyph: "·" },
  warning: { word: "warning", glyph: "▲" },
  critical: { word: "critical", glyph: "✕" },
  insufficient_data: { word: "too few data", glyph: "–" },
  no_data: { word: "no data", glyph: "∅" },
};

const RANK: readonly MonitorState[] = ["insufficient_data", "ok", "warning", "no_data", "critical"];

export function stateLook(state: MonitorState): StateLook {
  return LOOKS[state];
}

/** Larger is worse. Too few data says nothing, so it is the mildest. */
export function stateRank(state: MonitorState): number {
  return RANK.indexOf(state);
}

/** The worst of several; null without any. */
export function worstState(states: readonly (MonitorState | null)[]): MonitorState | null {
  return states.reduce((worst, state) => {
    if (state === null) return worst;
    return worst === null || stateRank(state) > stateRank(worst) ? state : worst;
  }, null);
}

/** A state as glyph and word. */
export function stateChip(state: MonitorState): Html {
  const { word, glyph } = LOOKS[state];
  return html`<span class="chip ${state}"><span aria-hidden="true">${glyph}</span> ${word}</span>`;
}

/** What the glyphs mean, under a picture that uses them. */
export function stateLegend(): Html {
  return html`<ul class="legend">${MONITOR_STATES.map((state) => html`<li>${stateChip(state)}</li>`)}</ul>`;
}
