/** How long a model may be silent, milliseconds since its newest record, before it is worth a warning and before it is critical. */
export interface SilenceLines {
  readonly warningMs: number;
  readonly criticalMs: number;
}

/** Earlier weeks that are looked at, and fewer than which say nothing of what is usual. */
export const SILENCE_WEEKS = 8;
export const MINIMUM_SILENCE_WEEKS = 3;

/** Minutes with records that must have been missed. */
const WARNING_MINUTES = 10;
export const CRITICAL_MINUTES = 20;

/** Weeks from which on the one that was silent longest may have been an outage itself. */
const ROBUST_WEEKS = 5;
/** Multiples of the usual longest silence that are worth an alarm where records are too seldom to be counted. */
const WARNING_MULTIPLE = 1.25;
const CRITICAL_MULTIPLE = 2;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * Lines of a silence by what came in the same hours of the weeks before.
 *
 * `a_k(n)` is the time that week k took, from the same instant of the week on, until its records were seen in n different minutes. A silence is
 * worth a warning once 10 such minutes have been missed and critical from 20, by the week that was slowest; from five weeks on by the second
 * slowest, so that one outage among them counts for nothing. Minutes instead of records, as records come in bursts; were minutes independent,
 * n missed ones had a chance of `exp(-n)` (Poisson). They are not quite, nor are weeks alike, hence the slowest week and lines far beyond chance.
 *
 * Where that takes over a day, as for a job that runs once a day, a silence is also held against the usual longest age of the data:
 * 1.25 and 2 times, but a day at least.
 *
 * @param weeks of each known earlier week `a_k(1), a_k(2), ...`, milliseconds, rising; a week without a 20th counts as a week long.
 * @param longestMs the usual longest age of the data at any hour, milliseconds; null where it is not known.
 * @returns null for fewer than three weeks.
 */
export function silenceLines(weeks: readonly (readonly number[])[], longestMs: number | null): SilenceLines | null {
  if (weeks.length < MINIMUM_SILENCE_WEEKS) return null;
  return {
    warningMs: withinMultiple(slowest(weeks, WARNING_MINUTES), WARNING_MULTIPLE, longestMs),
    criticalMs: withinMultiple(slowest(weeks, CRITICAL_MINUTES), CRITICAL_MULTIPLE, longestMs),
  };
}

/** Whether the lines of these weeks lie so far off that the usual longest age of the data is wanted. */
export function isSeldom(weeks: readonly (readonly number[])[]): boolean {
  return weeks.length >= MINIMUM_SILENCE_WEEKS && slowest(weeks, CRITICAL_MINUTES) > DAY_MS;
}

function slowest(weeks: readonly (readonly number[])[], minutes: number): number {
  const rising = weeks.map((week) => week[minutes - 1] ?? WEEK_MS).sort((a, b) => a - b);
  return rising.at(weeks.length < ROBUST_WEEKS ? -1 : -2)!;
}

function withinMultiple(lineMs: number, multiple: number, longestMs: number | null): number {
  return longestMs === null || lineMs <= DAY_MS ? lineMs : Math.min(lineMs, Math.max(DAY_MS, multiple * longestMs));
}
