import { weeksBefore } from "../aggregate/wall-clock.ts";

const HOUR_MS = 3_600_000;
/** A window is compared with the same window up to four weeks before, so that it changes with them. */
const EARLIER_WEEKS = 4;

/**
 * The spans whose windows a record of a span (its start and length, milliseconds) may change: the span, and the same of the weeks after on the wall
 * clock of the model's zone. In the weeks of a change of summer time a window may be compared with hours that its beginning says; so an hour more at each end.
 */
export function comparedSpans(
  { startMs, spanMs }: { readonly startMs: number; readonly spanMs: number },
  timeZone: string | undefined,
): { fromMs: number; toMs: number }[] {
  const marginMs = timeZone === undefined ? 0 : HOUR_MS;
  const later = Array.from({ length: EARLIER_WEEKS }, (_, week) => {
    const fromMs = weeksBefore(startMs, -(week + 1), timeZone);
    return { fromMs: fromMs - marginMs, toMs: fromMs + spanMs + marginMs };
  });
  return [{ fromMs: startMs, toMs: startMs + spanMs }, ...later];
}
