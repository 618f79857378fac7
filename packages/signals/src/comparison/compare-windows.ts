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

/**
 * The comparison at the end of every window with pairs. Windows enter in order and only once `performance.minimumCoverage` of the
 * outcomes that are expected for their pairs are known, or the horizon has passed them: outcomes that come early are seldom
 * typical, and a sequence may only grow at its end. Cost: one pass over the minutes.
 *
 * @param windows in order of time.
 * @param nowMs end of the newest judged window, Unix milliseconds.
 */
export function compareWindows(
  windows: readonly PairedWindow[],
  loss: TaskLoss,
  { comparison, performance, outcomeHorizon }: Pick<ModelConfig, "comparison" | "performance" | "outcomeHorizon">,
  nowMs: number,
): ComparedWindow[] {
  const running = new PairedComparison({
    range: [-loss.cap, loss.cap],
    equivalenceMargin: comparison.margin,
    minPairs: comparison.minimumPairs,
  });
  const wanted = performance.minimumCoverage * performance.expectedCoverage;
  let sinceMs: number | null = null;
  let isWaiting = false;
  return windows.flatMap(({ startMs, endMs, minutes }) => {
    const asked = minutes.reduce((sum, minute) => sum + minute.asked, 0);
    const known = minutes.reduce((sum, minute) => sum + minute.pairs, 0);
    const isMature = known >= wanted * asked || nowMs - endMs > outcomeHorizon;
    isWaiting ||= !isMature;
    for (const minute of isWaiting ? [] : minutes) {
      if (minute.pairs === 0) continue;
      sinceMs ??= minute.startMs;
      const mayDecide = minute.startMs - sinceMs >= comparison.minimumDuration;
      running.update({ pairs: minute.pairs, sum: minute.sum, mayDecide });
    }
    return sinceMs === null ? [] : [{ ...running.state(), startMs, endMs, sinceMs, isMature: !isWaiting }];
  });
}
