import { CAUSE_KINDS, type CauseKind, type Incident } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { dateText, periodText } from "./date-text.ts";
import { plural } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";
import { stateRank } from "./states.ts";

export interface Verdict {
  readonly state: MonitorState;
  /** One or two sentences: what is wrong, since when, why. */
  readonly sentence: string;
}

const CAUSE_WORDS: Readonly<Record<CauseKind, string>> = {
  silence: "silence",
  nulls: "missing values",
  stuck: "stuck value",
  unit_change: "change of unit",
  new_category: "new category",
  type_change: "change of type",
  covariate_shift: "shift of the inputs",
  concept_shift: "shift of the concept",
  unknown: "unexplained change",
};

export function causeWords(kind: CauseKind): string {
  return CAUSE_WORDS[kind];
}

/** How a model stands, in words, from the incidents of its longest window. */
export function verdictOf({ incidents, measurements, windowName }: ReportModel): Verdict {
  const judged = measurements.filter(({ state }) => state !== null && state !== "insufficient_data");
  if (judged.length === 0) {
    const waiting =
      measurements.length === 0
        ? "the first window is judged when event time has passed its end"
        : "no window holds enough data";
    return { state: "insufficient_data", sentence: `Nothing has been judged yet: ${waiting}.` };
  }
  const own = incidents.filter((incident) => incident.windowName === windowName).sort(byWeight);
  const open = own.filter((incident) => incident.open);
  const worst = open[0];
  if (worst !== undefined) {
    const others = open.length === 1 ? "" : ` ${plural(open.length, "target")} are not ok in the newest window.`;
    return {
      state: worst.state,
      sentence: `Since ${dateText(worst.windows[0]!.window.start)}: ${explanationOf(worst)}${others}`,
    };
  }
  const targets = new Set(judged.map(({ signal, target }) => `${signal}\n${target.kind}\n${target.name}`)).size;
  const past = own[0];
  if (past === undefined) {
    return {
      state: "ok",
      sentence: `All ${plural(targets, "watched target")} stayed within their lines in every window.`,
    };
  }
  const [first, last] = [past.windows[0]!.window, past.windows.at(-1)!.window];
  const period = periodText(first.start, last.end);
  const earlier =
    own.length === 1
      ? `One earlier incident, ${period}`
      : `${plural(own.length, "earlier incident")}, the worst ${period}`;
  return { state: "ok", sentence: `All is well in the newest window. ${earlier}: ${explanationOf(past)}` };
}

/** The first cause in a sentence, or what is wrong where none is known. */
export function explanationOf({ firstCause, target, state }: Incident): string {
  return firstCause.kind === "unknown"
    ? `${target.name} is ${state}, and no known pattern explains why.`
    : firstCause.explanation;
}

/** The worst state first; then what would explain the rest; then the earliest. */
export function byWeight(a: Incident, b: Incident): number {
  return (
    stateRank(b.state) - stateRank(a.state) ||
    CAUSE_KINDS.indexOf(a.firstCause.kind) - CAUSE_KINDS.indexOf(b.firstCause.kind) ||
    Date.parse(a.windows[0]!.window.start) - Date.parse(b.windows[0]!.window.start)
  );
}
