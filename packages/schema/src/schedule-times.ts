import { Cron } from "croner";
import type { Schedule } from "./schedule.ts";

/** The instants of a schedule, Unix milliseconds. */
export interface ScheduleTimes {
  /** The latest at or before a time; null where there is none. */
  lastAt(timeMs: number): number | null;
  /** The first after a time; null where there is none. */
  nextAfter(timeMs: number): number | null;
  /** How many lie after `fromMs` and before `toMs`, counted up to MAX_COUNTED. */
  countBetween(fromMs: number, toMs: number): number;
}

/** Names for the schedules that most people want, at the full hour, at midnight, at Monday's midnight. */
export const SCHEDULE_NAMES: Readonly<Record<string, string>> = {
  hourly: "0 * * * *",
  daily: "0 0 * * *",
  weekly: "0 0 * * 1",
};

/** A schedule of minutes that was not kept for a year has half a million instants; nobody needs their number. */
const MAX_COUNTED = 1_000;

/**
 * Reads a schedule that scheduleSchema has accepted. Where clocks are put forward, a fixed time that is left out runs at the
 * first time after the gap; where they are put back, a fixed time that comes twice runs once, and a pattern with a wildcard
 * or step in its hours or minutes (every hour, every ten minutes) in both hours. An instant costs about 40 µs.
 */
export function scheduleTimes({ cron, timeZone }: Schedule): ScheduleTimes {
  const pattern = new Cron(SCHEDULE_NAMES[cron] ?? cron, {
    mode: "5-part",
    timezone: timeZone,
    fixedTimeRule: "no-wildcard",
  });
  const nextAfter = (timeMs: number): number | null => pattern.nextRun(new Date(timeMs))?.getTime() ?? null;
  return {
    // The library looks before a time, not at it; instants lie on whole minutes.
    lastAt: (timeMs) => pattern.previousRuns(1, new Date(timeMs + 1))[0]?.getTime() ?? null,
    nextAfter,
    countBetween(fromMs, toMs) {
      let count = 0;
      for (let at = nextAfter(fromMs); at !== null && at < toMs && count < MAX_COUNTED; at = nextAfter(at)) count++;
      return count;
    },
  };
}
