import { weeksBefore } from "../aggregate/wall-clock.ts";

const HOUR_MS = 3_600_000;
/** A window is compared with the same window up to four weeks before, so that it changes with them. */
const EARLIER_WEEKS = 4;

/**
 * The spans whose windows a record of an hour (its beginning, Unix milliseconds) may change: the hour, and the same hours of the weeks after on the wall
 * clock of the model's zone. In the weeks of a change of summer time a window may be compared with hours that its beginning says; so an hour more at each end.
 */
export function comparedHours(hourMs: number, timeZone: string | undefined): { fromMs: number; toMs: number }[] {
  const marginMs = timeZone === undefined ? 0 : HOUR_MS;
  const later = Array.from({ length: EARLIER_WEEKS }, (_, week) => {
    const fromMs = weeksBefore(hourMs, -(week + 1), timeZone);
    return { fromMs: fromMs - marginMs, toMs: fromMs + HOUR_MS + marginMs };
  });
  return [{ fromMs: hourMs, toMs: hourMs + HOUR_MS }, ...later];
}
