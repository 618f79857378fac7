import type { ModelConfig } from "@tidemark/schema";
import { type ComparisonState, PairedComparison } from "@tidemark/stats";
import type { TaskLoss } from "../performance/task-loss.ts";

/** The pairs of one minute. */
export interface PairedMinute {
  /** Start, Unix milliseconds. */
  readonly startMs: number;
  /** Requests that both models answered. */
  readonly asked: number;
  /** Those of them whose outcome is known and can be scored, and the sum of their differences of loss. */
  readonly pairs: number;
  readonly sum: number;
}

/** The pairs of one window, minutes in order. */
export interface PairedWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly minutes: readonly PairedMinute[];
}

/** A comparison as it stands at the end of a window. */
export interface ComparedWindow extends ComparisonState {
  readonly startMs: number;
  readonly endMs: number;
  /** First minute with a pair, Unix milliseconds. */
  readonly sinceMs: number;
  /** Whether this window's outcomes were waited for; else it rests on the windows before. */
  readonly isMature: boolean;
}

/** A comparison as it stood before a window: what is compared from there on is the same as from the beginning. */
export interface ComparisonMark {
  /** Start of the first window that it has not seen, Unix milliseconds. */
  readonly beforeMs: number;
  readonly running: PairedComparison;
  readonly sinceMs: number | null;
}

/** Windows between two marks: some kilobytes each. */
const MARK_EVERY = 32;

/**
 * The comparison at the end of every window with pairs. Windows enter in order and only once `performance.minimumCoverage` of the
 * outcomes that are expected for their pairs are known, or the horizon has passed them: outcomes that come early are seldom
 * typical, and a sequence may only grow at its end. Cost: one pass over the minutes.
 *
 * @param windows in order of time; those from `mark` on where there is one.
 * @param mark from which to go on; the beginning unless given.
 * Returns the windows, marks on the way (none from the first window on that waits), and the start of that window; infinite without one.
 * @param nowMs end of the newest judged window, Unix milliseconds.
 */
export function compareWindows(
  windows: readonly PairedWindow[],
  loss: TaskLoss,
  { comparison, performance, outcomeHorizon }: Pick<ModelConfig, "comparison" | "performance" | "outcomeHorizon">,
  nowMs: number,
  mark: ComparisonMark | null = null,
): { readonly compared: ComparedWindow[]; readonly marks: ComparisonMark[]; readonly waitingMs: number } {
  const running =
    mark?.running.copy() ??
    new PairedComparison({
      range: [-loss.cap, loss.cap],
      equivalenceMargin: comparison.margin,
      minPairs: comparison.minimumPairs,
    });
  const wanted = performance.minimumCoverage * performance.expectedCoverage;
  let sinceMs = mark?.sinceMs ?? null;
  const marks: ComparisonMark[] = [];
  let waitingMs = Number.POSITIVE_INFINITY;
  const compared = windows.flatMap(({ startMs, endMs, minutes }, index) => {
    if (waitingMs > startMs && index > 0 && index % MARK_EVERY === 0) {
      marks.push({ beforeMs: startMs, running: running.copy(), sinceMs });
    }
    const asked = minutes.reduce((sum, minute) => sum + minute.asked, 0);
    const known = minutes.reduce((sum, minute) => sum + minute.pairs, 0);
    const isMature = known >= wanted * asked || nowMs - endMs > outcomeHorizon;
    if (!isMature) waitingMs = Math.min(waitingMs, startMs);
    const isWaiting = waitingMs <= startMs;
    for (const minute of isWaiting ? [] : minutes) {
      if (minute.pairs === 0) continue;
      sinceMs ??= minute.startMs;
      const mayDecide = minute.startMs - sinceMs >= comparison.minimumDuration;
      running.update({ pairs: minute.pairs, sum: minute.sum, mayDecide });
    }
    return sinceMs === null ? [] : [{ ...running.state(), startMs, endMs, sinceMs, isMature: !isWaiting }];
  });
  return { compared, marks, waitingMs };
}
