export interface WatermarkClock {
  readonly mode: "live" | "replay";
  readonly allowedLatenessMs: number;
}

/**
 * The event time up to which a model's windows may be judged.
 * Replay: the newest event time less the allowed lateness, and infinity once the end was announced.
 * Live: the same, but never behind the clock by more than twice the allowed lateness, so that silence is seen.
 * @param newestMs Newest event time of the model's predictions and points, Unix milliseconds.
 * @param nowMs The clock, Unix milliseconds.
 */
export function watermarkOf(clock: WatermarkClock, newestMs: number, nowMs: number, finished: boolean): number {
  if (clock.mode === "replay") return finished ? Number.POSITIVE_INFINITY : newestMs - clock.allowedLatenessMs;
  return Math.max(newestMs - clock.allowedLatenessMs, nowMs - 2 * clock.allowedLatenessMs);
}
