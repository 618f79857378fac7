import { Adwin, type ChangeDetector, Ddm, HddmA } from "@tidemark/stats";

/** When detectors found that the error rate rose within a window, and what it was. */
export interface ErrorChanges {
  /** Event time of the first rise that each found, by its name; null where it found none. */
  readonly atMs: Readonly<Record<ErrorDetector, number | null>>;
  /** Error rate of the reference and of the window. */
  readonly before: number;
  readonly window: number;
}

const DETECTORS = {
  adwin: () => new Adwin(),
  ddm: () => new Ddm(),
  hddm_a: () => new HddmA(),
} as const satisfies Record<string, () => ChangeDetector>;
export type ErrorDetector = keyof typeof DETECTORS;

/**
 * Runs change detectors over the errors of a window that has matured. Each is first fed the errors of the reference, so that it knows
 * the rate that a rise is one from; falls of the rate are no findings.
 *
 * @param reference 0 or 1 (wrong), in order of time. @param errors of the window, with their event times, in order of time.
 */
export function errorChanges(
  reference: ArrayLike<number>,
  errors: readonly { readonly atMs: number; readonly isWrong: boolean }[],
): ErrorChanges {
  const before = meanOf(reference);
  const entries = Object.entries(DETECTORS).map(([name, create]) => {
    const detector: ChangeDetector = create();
    // What it finds within the reference is forgotten with it.
    for (let i = 0; i < reference.length; i++) detector.update(reference[i]!);
    let wrong = 0;
    const found = errors.find(({ isWrong }, i) => {
      if (isWrong) wrong += 1;
      return detector.update(isWrong ? 1 : 0).drift && wrong / (i + 1) > before;
    });
    return [name, found?.atMs ?? null] as const;
  });
  return {
    atMs: Object.fromEntries(entries) as ErrorChanges["atMs"],
    before,
    window: errors.filter(({ isWrong }) => isWrong).length / errors.length,
  };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
