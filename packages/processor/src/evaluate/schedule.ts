import type { Evaluator } from "./evaluator.ts";

export interface Schedule {
  /** Judges everything that is due now, late records included, and resolves when it is done. */
  runNow(): Promise<number>;
  /** Waits for a running pass and starts no other. */
  close(): Promise<void>;
}

const TICK_MS = 200;
/** Passes without new records still notice that the clock has moved. */
const IDLE_TICK_MS = 1_000;
/** Late records are looked for so that this work takes at most a fifth of the time. */
const LATE_PAUSE_RATIO = 4;
const MIN_LATE_PAUSE_MS = 1_000;
/** A store that fails is left alone for a while. */
const ERROR_PAUSE_MS = 2_000;

/**
 * Runs the evaluator whenever records arrived or the clock moved on. Late records are gathered for a second or more,
 * the longer their judging takes, so that a long backlog is judged again once and not with every request.
 * @param revision Grows with every request that was stored.
 */
export function startSchedule(
  evaluator: Evaluator,
  revision: () => number,
  onError: (error: unknown) => void,
): Schedule {
  let closed = false;
  let seen = -1;
  let seenLate = -1;
  let nextLateMs = 0;
  let nextIdleMs = 0;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const tick = async (): Promise<void> => {
    const nowMs = performance.now();
    const current = revision();
    const late = current !== seenLate && nowMs >= nextLateMs;
    if (late || current !== seen || nowMs >= nextIdleMs) {
      await evaluator.run({ late });
      seen = current;
      nextIdleMs = nowMs + IDLE_TICK_MS;
      if (late) {
        seenLate = current;
        const tookMs = performance.now() - nowMs;
        nextLateMs = performance.now() + Math.max(MIN_LATE_PAUSE_MS, LATE_PAUSE_RATIO * tookMs);
      }
    }
  };

  const next = (delayMs: number): void => {
    if (closed) return;
    timer = setTimeout(() => {
      running = tick().then(
        () => next(TICK_MS),
        (error: unknown) => {
          onError(error);
          next(ERROR_PAUSE_MS);
        },
      );
    }, delayMs);
  };
  next(TICK_MS);

  return {
    runNow: () => evaluator.run({ late: true }),
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
