import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { type CauseEpisode, causeEpisodes } from "../report/cause-episodes.ts";
import { periodText } from "../report/date-text.ts";
import { sentenceCase } from "../report/number-text.ts";
import type { ReportModel } from "../report/report-data.ts";
import { stateRank, worstState } from "../report/states.ts";
import { causeWords, explanationOf, verdictOf } from "../report/verdict.ts";
import type { EpisodeReview, ModelReview } from "./review-data.ts";
import type { ReviewPeriod } from "./review-period.ts";
import { reviewScores } from "./review-scores.ts";

/** What a review says of one model version, from the windows that ended in the period and those before. */
export function reviewModel(model: ReportModel, period: ReviewPeriod): ModelReview {
  const { entry, measurements, incidents, windowName } = model;
  const inPeriod = measurements.filter(({ window }) => window.end > period.from);
  const newestStart = inPeriod
    .map(({ window }) => window.start)
    .toSorted()
    .at(-1);
  const newest = inPeriod.filter(({ window }) => window.start === newestStart);
  const own = incidents.filter((incident) => incident.windowName === windowName);
  return {
    name: `${entry.model} ${entry.version}${entry.role === "champion" ? "" : ` (${entry.role})`}`,
    state: worstState(newest.map(({ state }) => state)) ?? "insufficient_data",
    sentence: inPeriod.length === 0 ? "No window of it ended in this period." : verdictOf(model).sentence,
    predictions: predictionsIn(inPeriod),
    predictionsBefore: predictionsBefore(measurements, period),
    scores: reviewScores(measurements, period),
    episodes: episodesIn(causeEpisodes(own), period),
    scoresOutside: scoresOutside(inPeriod),
    drifting: driftingFeatures(inPeriod),
  };
}

function predictionsIn(measurements: readonly Measurement[]): number {
  return measurements
    .filter(({ metric: name, target }) => name === metric.windowSampleCount && target.kind === "dataset")
    .reduce((sum, { value }) => sum + (value ?? 0), 0);
}

/** Of as long a time before the period; null where less than that is known. */
function predictionsBefore(measurements: readonly Measurement[], { from, to }: ReviewPeriod): number | null {
  const start = new Date(2 * Date.parse(from) - Date.parse(to)).toISOString();
  const before = measurements.filter(({ window }) => window.end <= from && window.end > start);
  const isKnown = measurements.some(({ window }) => window.start <= start);
  return isKnown ? predictionsIn(before) : null;
}

/** What happened in the period; what came back is told once, with all its times. */
function episodesIn(episodes: readonly CauseEpisode[], { from }: ReviewPeriod): EpisodeReview[] {
  const happened = episodes.filter(({ end, open }) => open || end > from);
  return [...Map.groupBy(happened, titleOf)].map(([title, times]) => {
    const gravest = times[0]!;
    const latestFirst = times.toSorted((a, b) => (a.start > b.start ? -1 : 1));
    return {
      state: gravest.state,
      title,
      periods: latestFirst.map(({ start, end }) => periodText(start, end)),
      status: statusOf(latestFirst[0]!, from),
      explanation: explanationOf(gravest),
      touched: [...new Set(times.flatMap(({ incidents }) => incidents.map(({ target }) => target.name)))],
    };
  });
}

function titleOf({ firstCause: { kind, target } }: CauseEpisode): string {
  return `${sentenceCase(causeWords(kind))}${target === "" ? "" : `: ${target}`}`;
}

function statusOf({ start, open }: CauseEpisode, from: string): EpisodeReview["status"] {
  if (start >= from) return open ? "began and goes on" : "began and ended";
  return open ? "goes on from before" : "ended";
}

/** Windows in which any score was outside its lines, of those in which any was judged. */
function scoresOutside(inPeriod: readonly Measurement[]): ModelReview["scoresOutside"] {
  const judged = inPeriod.filter(
    ({ signal, state }) => signal === "performance" && state !== null && state !== "insufficient_data",
  );
  const states = [...Map.groupBy(judged, ({ window }) => window.start).values()].map((found) =>
    worstState(found.map(({ state }) => state)),
  );
  return { windows: states.filter((state) => state !== "ok").length, of: states.length };
}

/** Features whose drift was a warning or critical, by how many of the period's windows. */
function driftingFeatures(inPeriod: readonly Measurement[]): ModelReview["drifting"] {
  const judged = inPeriod.filter(
    ({ signal, target, state }) => signal === "drift" && target.kind === "feature" && state !== null,
  );
  return [...Map.groupBy(judged, ({ target }) => target.name)]
    .map(([feature, own]) => {
      const windows = Map.groupBy(own, ({ window }) => window.start);
      const states = [...windows.values()].map((found) => worstState(found.map(({ state }) => state))!);
      return {
        feature,
        windows: states.filter((state) => stateRank(state) > stateRank("ok")).length,
        of: states.length,
      };
    })
    .filter(({ windows }) => windows > 0)
    .sort((a, b) => b.windows - a.windows || (a.feature < b.feature ? -1 : 1));
}
