import type { KeyTimes } from "../pipeline/event-times.ts";
import { type WindowSpan, windowAt } from "./window-grid.ts";

export interface WantedRequest {
  readonly name: string;
  readonly times: KeyTimes;
  readonly watermarkMs: number;
  /** Whether windows after the version's last data are judged too, so that its silence is seen. */
  readonly followsClock: boolean;
}

/** So many windows without data are judged after the last that may have some; longer silence says nothing new. */
export const MAX_SILENT_WINDOWS = 100;

const DAY_MS = 86_400_000;

/**
 * The windows of one length that ought to be judged: all that the watermark has passed from the first data on, also
 * those without data in between, up to MAX_SILENT_WINDOWS after a day with data. A function of the event times alone,
 * so that the same records give the same windows in whatever order they came. In order of time.
 */
export function wantedWindows({ name, times, watermarkMs, followsClock }: WantedRequest): WindowSpan[] {
  const lastMs = windowAt(name, times.lastMs).endMs;
  const endMs = Math.min(watermarkMs, followsClock ? Math.max(lastMs, watermarkMs) : lastMs);
  const windows: WindowSpan[] = [];
  let next = windowAt(name, times.firstMs);
  const silenceMs = MAX_SILENT_WINDOWS * (next.endMs - next.startMs);
  for (const day of times.days) {
    if (next.startMs < day * DAY_MS) next = windowAt(name, Math.max(day * DAY_MS, times.firstMs));
    const untilMs = Math.min(endMs, (day + 1) * DAY_MS + silenceMs);
    for (; next.startMs < untilMs && next.endMs <= endMs; next = windowAt(name, next.endMs)) windows.push(next);
  }
  return windows;
}
