import type { CauseKind } from "@tidemark/schema";
import type { MonitorState } from "@tidemark/semconv";
import { type CauseEpisode, causeEpisodes } from "./cause-episodes.ts";
import { dateText, periodText } from "./date-text.ts";
import { plural } from "./number-text.ts";
import type { ReportModel } from "./report-data.ts";

export interface Verdict {
  readonly state: MonitorState;
  /** One or two sentences: what is wrong, since when, why. */
  readonly sentence: string;
}

const CAUSE_WORDS: Readonly<Record<CauseKind, string>> = {
  silence: "silence",
  nulls: "missing values",
  stuck: "stuck value",
  swapped: "swapped columns",
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
  const own = incidents.filter((incident) => incident.windowName === windowName);
  const open = own.filter((incident) => incident.open);
  const [worst] = causeEpisodes(open);
  if (worst !== undefined) {
    const others = open.length === 1 ? "" : ` ${plural(open.length, "target")} are not ok in the newest window.`;
    return { state: worst.state, sentence: `Since ${dateText(worst.start)}: ${explanationOf(worst)}${others}` };
  }
  const past = causeEpisodes(own);
  const [gravest] = past;
  if (gravest === undefined) {
    const targets = new Set(judged.map(({ signal, target }) => `${signal}\n${target.kind}\n${target.name}`)).size;
    const sentence = `All ${plural(targets, "watched target")} stayed within their lines in every window.`;
    return { state: "ok", sentence };
  }
  const period = periodText(gravest.start, gravest.end);
  const earlier =
    past.length === 1 ? "One earlier episode" : `The gravest of ${plural(past.length, "earlier episode")}`;
  return {
    state: "ok",
    sentence: `All is well in the newest window. ${earlier}, ${period}: ${explanationOf(gravest)}`,
  };
}

/** The first cause in a sentence, or what is wrong where none is known. */
export function explanationOf({ firstCause, incidents, state }: CauseEpisode): string {
  const target = incidents[0]?.target.name ?? "a target";
  return firstCause.kind === "unknown"
    ? `${target} is ${state}, and no known pattern explains why.`
    : firstCause.explanation;
}
