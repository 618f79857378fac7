import type { ModelConfig } from "@tidemark/schema";

/** A reference made of windows before, beside the training profile. */
export type DriftReference = Exclude<NonNullable<ModelConfig["drift"]["references"]>[number], "training">;

const WEEK_MS = 7 * 24 * 3_600_000;
/** Weeks before whose same hours are a reference. */
const WEEKS = 4;
const ROLLING_WINDOWS = 7;

/** The references beside training that a model is configured with, in the order of the configuration. */
export function driftReferences({ drift }: Pick<ModelConfig, "drift">): DriftReference[] {
  return (drift.references ?? []).filter((reference) => reference !== "training");
}

/**
 * How far before a window the windows of a reference start, milliseconds, nearest first. Empty where there are none: the
 * same hours of the week exist only for windows whose length divides a week, a week itself included.
 *
 * @param windowMs length of the window, milliseconds.
 */
export function referenceLags(
  reference: DriftReference,
  windowMs: number,
  { drift }: Pick<ModelConfig, "drift">,
): number[] {
  const lags = (count: number, stepMs: number) => Array.from({ length: count }, (_, index) => (index + 1) * stepMs);
  if (reference === "previous") return lags(1, windowMs);
  if (reference === "rolling") return lags(drift.rollingWindows ?? ROLLING_WINDOWS, windowMs);
  return WEEK_MS % windowMs === 0 ? lags(WEEKS, WEEK_MS) : [];
}

const WORDS: Readonly<Record<DriftReference, string>> = {
  previous: "the window before",
  rolling: "the last windows",
  same_hour: "the same hours of the weeks before",
};

/** A reference in words, as in "held against the window before". */
export function referenceWords(reference: DriftReference): string {
  return WORDS[reference];
}
