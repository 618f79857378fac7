import type { Profile } from "@tidemark/schema";
import {
  type ConfusionOutcomes,
  type EstimationReference,
  estimateWindow,
  type LabelledEstimationRows,
  type MaturedWindow,
  readOutcomes,
  type WindowConfusion,
  type WindowEstimate,
  type WindowOutcomes,
  windowDomain,
} from "@tidemark/stats";
import { cbpeFindings } from "./cbpe-findings.ts";
import { conceptFindings } from "./concept-findings.ts";
import { estimatedConfusion, knownConfusion } from "./confusion-estimation.ts";
import { type ErrorChanges, errorChanges } from "./error-changes.ts";
import type { EstimatedWindow, Matured } from "./estimated-window.ts";
import { estimationFindings } from "./estimation-findings.ts";
import { estimationModel, rowsOfSample } from "./estimation-model.ts";
import { type ClassSample, NO_OUTCOME } from "./estimation-sample.ts";
import type { Estimator } from "./estimator.ts";
import { type ChangeSplit, splitChange } from "./split-change.ts";

/** What the outcomes of a window said once enough were known, and why they differ from the reference's. */
export interface MaturedOutcomes extends WindowOutcomes, Matured {
  readonly split: ChangeSplit | null;
  readonly errors: ErrorChanges;
  readonly confusion?: ConfusionOutcomes;
}

/** Of a model of several classes that the profile names, with their confusion. */
export interface ClassEstimate extends WindowEstimate {
  readonly confusion?: WindowConfusion;
}

export type ClassWindow = EstimatedWindow<ClassEstimate, MaturedOutcomes>;

/** Estimates the scores of a model that predicts classes. */
export const classEstimator: Estimator<ClassSample, ClassEstimate, MaturedOutcomes> = {
  estimate: estimatePerformance,
  matured: maturedOutcomes,
  findings(window, sample, model) {
    const { estimates } = model.config.performance;
    return [
      ...(estimates.includes("blend") ? estimationFindings(window, model) : []),
      ...(estimates.includes("cbpe") ? cbpeFindings(window, sample, model) : []),
      ...conceptFindings(window),
    ];
  },
};

/** Estimates a window; null where the profile holds no estimation or the window has fewer than two rows. */
function estimatePerformance(
  profile: Profile,
  sample: ClassSample,
  history: readonly ClassWindow[],
): ClassEstimate | null {
  if (sample.rows < 2) return null;
  const reference = estimationModel(profile, sample.features);
  if (reference === null) return null;
  const matured = history.map(
    ({ estimate, matured: outcomes }): MaturedWindow => ({
      ...outcomes!,
      estimate: estimate.metrics,
    }),
  );
  const rows = rowsOfSample(profile, sample);
  const domain = windowDomain(reference.design, reference.codeDesign(rows));
  const confusion = estimatedConfusion(profile, sample, domain, history);
  return { ...estimateWindow(reference, rows, matured, domain), ...(confusion === null ? {} : { confusion }) };
}

/** What the outcomes of a mature window say; null while it is not. */
function maturedOutcomes(profile: Profile, sample: ClassSample): MaturedOutcomes | null {
  const reference = estimationModel(profile, sample.features);
  if (sample.maturedAtMs === null || reference === null) return null;
  const places = Array.from({ length: sample.rows }, (_, i) => i).filter((i) => sample.outcomes[i] !== NO_OUTCOME);
  const rows = rowsOfSample(profile, sample);
  const known = {
    ...rows,
    codes: places.map((i) => rows.codes[i]!),
    scores: Float64Array.from(places, (i) => sample.scores[i]!),
    predicted: Uint8Array.from(places, (i) => sample.predicted[i]!),
    outcomes: Uint8Array.from(places, (i) => sample.outcomes[i]!),
  };
  const isWrong = ({ predicted, outcomes }: Pick<LabelledEstimationRows, "predicted" | "outcomes">, i: number) =>
    predicted[i] !== outcomes[i];
  const inTime = places
    .map((place, i) => ({ atMs: sample.timesMs[place]!, isWrong: isWrong(known, i) }))
    .sort((a, b) => a.atMs - b.atMs || Number(a.isWrong) - Number(b.isWrong));
  const before = Uint8Array.from(reference.rows.codes, (_, i) => (isWrong(reference.rows, i) ? 1 : 0));
  const confusion = knownConfusion(profile, sample);
  return {
    ...readOutcomes(reference, known),
    atMs: sample.maturedAtMs,
    split: places.length < 2 ? null : splitOfLoss(profile, reference, known),
    errors: errorChanges(before, inTime),
    ...(confusion === null ? {} : { confusion }),
  };
}

/** Brier's loss of the score, or the errors of a model of several classes. */
function splitOfLoss(
  profile: Profile,
  reference: EstimationReference,
  rows: LabelledEstimationRows,
): ChangeSplit | null {
  const isBrier = profile.estimation?.question === "positive";
  const lossOf = ({ scores, outcomes }: LabelledEstimationRows) =>
    Float64Array.from(outcomes, (outcome, i) => (isBrier ? (scores[i]! - outcome) ** 2 : 1 - outcome));
  return splitChange(
    { ...reference.design, loss: lossOf(reference.rows) },
    { ...reference.codeDesign(rows), loss: lossOf(rows) },
  );
}
