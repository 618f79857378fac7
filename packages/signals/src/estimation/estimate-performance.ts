import type { Profile } from "@tidemark/schema";
import {
  estimateWindow,
  type LabelledEstimationRows,
  type MaturedWindow,
  readOutcomes,
  type WindowEstimate,
  type WindowOutcomes,
} from "@tidemark/stats";
import { type ErrorChanges, errorChanges } from "./error-changes.ts";
import { estimationModel, rowsOfSample } from "./estimation-model.ts";
import { type EstimationSample, NO_OUTCOME } from "./estimation-sample.ts";
import { type ChangeSplit, splitChange } from "./split-change.ts";

/** What was said of a window before its outcomes were known, and what they said once enough were. */
export interface EstimatedWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly rows: number;
  readonly estimate: WindowEstimate;
  readonly matured: MaturedOutcomes | null;
}

/** What the outcomes of a window said once enough were known, and why they differ from the reference's. */
export interface MaturedOutcomes extends WindowOutcomes {
  /** Event time at which enough were known. */
  readonly atMs: number;
  readonly split: ChangeSplit | null;
  readonly errors: ErrorChanges;
}

/** Windows before one that can count in its back-test. */
export const HISTORY_WINDOWS = 128;

/**
 * The matured windows that an estimate at `endMs` may know of, in the order in which they matured in event time. Outcomes
 * that happened later leave it as it was issued.
 *
 * @param earlier windows of the same length that began before, in order of time.
 */
export function maturedBy<T extends EstimatedWindow>(endMs: number, earlier: readonly T[]): T[] {
  return earlier
    .slice(-HISTORY_WINDOWS)
    .filter(({ matured }) => matured !== null && matured.atMs <= endMs)
    .sort((a, b) => a.matured!.atMs - b.matured!.atMs || a.startMs - b.startMs);
}

/** Estimates a window; null where the profile holds no estimation or the window has fewer than two rows. */
export function estimatePerformance(
  profile: Profile,
  sample: EstimationSample,
  history: readonly EstimatedWindow[],
): WindowEstimate | null {
  if (sample.rows < 2) return null;
  const reference = estimationModel(profile, sample.features);
  if (reference === null) return null;
  const matured = history.map(
    ({ estimate, matured: outcomes }): MaturedWindow => ({
      ...outcomes!,
      estimate: estimate.metrics,
    }),
  );
  return estimateWindow(reference, rowsOfSample(profile, sample), matured);
}

/** What the outcomes of a mature window say; null while it is not. */
export function maturedOutcomes(profile: Profile, sample: EstimationSample): MaturedOutcomes | null {
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
  return {
    ...readOutcomes(reference, known),
    atMs: sample.maturedAtMs,
    split: places.length < 2 ? null : splitChange(profile, sample.features, known),
    errors: errorChanges(before, inTime),
  };
}
