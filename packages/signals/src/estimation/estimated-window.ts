/** What the outcomes of a window said once enough were known. */
export interface Matured {
  /** Event time at which enough were known. */
  readonly atMs: number;
}

/** What was said of a window before its outcomes were known, and what they said once enough were. */
export interface EstimatedWindow<E = unknown, M extends Matured = Matured> {
  readonly startMs: number;
  readonly endMs: number;
  readonly rows: number;
  readonly estimate: E;
  readonly matured: M | null;
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
