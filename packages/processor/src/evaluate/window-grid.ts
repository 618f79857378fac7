import { parseDuration } from "@tidemark/schema";

/** One window in event time: [startMs, endMs). */
export interface WindowSpan {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Monday 1970-01-05 00:00 UTC; every grid is laid from here, so that seven days start on Mondays. */
const FIRST_MONDAY_MS = 4 * 86_400_000;

/** The window of the named length (`24h`, `7d`) that holds a time. */
export function windowAt(name: string, timeMs: number): WindowSpan {
  const lengthMs = parseDuration(name);
  const startMs = Math.floor((timeMs - FIRST_MONDAY_MS) / lengthMs) * lengthMs + FIRST_MONDAY_MS;
  return { name, startMs, endMs: startMs + lengthMs };
}

/** All windows of the named length that touch [fromMs, toMs), in order of time. */
export function windowsBetween(name: string, fromMs: number, toMs: number): WindowSpan[] {
  const windows: WindowSpan[] = [];
  if (fromMs >= toMs) return windows;
  for (let window = windowAt(name, fromMs); window.startMs < toMs; window = windowAt(name, window.endMs)) {
    windows.push(window);
  }
  return windows;
}
