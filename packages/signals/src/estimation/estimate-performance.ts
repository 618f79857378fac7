import type { Profile } from "@tidemark/schema";
import {
  estimateWindow,
  type MaturedWindow,
  readOutcomes,
  type WindowEstimate,
  type WindowOutcomes,
} from "@tidemark/stats";
import { estimationModel, rowsOfSample } from "./estimation-model.ts";
import { type EstimationSample, NO_OUTCOME } from "./estimation-sample.ts";

/** What was said of a window before its outcomes were known, and what they said once enough were. */
export interface EstimatedWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly rows: number;
  readonly estimate: WindowEstimate;
  readonly matured: (WindowOutcomes & { readonly atMs: number }) | null;
}

/** Windows before one that can count in its back-test. */
export const HISTORY_WINDOWS = 128;

/**
 * The matured windows that an estimate at `endMs` may know of, in the order in which they matured in event time. Outcomes
 * that happened later leave it as it was issued.
 *
 * @param earlier windows of the same length that began before, in order of time.
 */
export function maturedBy(endMs: number, earlier: readonly EstimatedWindow[]): EstimatedWindow[] {
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
export function maturedOutcomes(profile: Profile, sample: EstimationSample): EstimatedWindow["matured"] {
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
  return { ...readOutcomes(reference, known), atMs: sample.maturedAtMs };
}
