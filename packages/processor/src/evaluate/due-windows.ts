import type { KeyTimes } from "../pipeline/event-times.ts";
import { type WindowSpan, windowAt, windowsBetween } from "./window-grid.ts";

/** What is judged already of one version and window length: an unbroken range in event time. */
export interface JudgedRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface DueRequest {
  readonly name: string;
  readonly times: KeyTimes;
  readonly watermarkMs: number;
  readonly judged: JudgedRange | null;
  /** Whether windows after the version's last data are judged, so that its silence is seen. */
  readonly followsClock: boolean;
}

/**
 * Windows to judge for the first time: all that the watermark has passed from the first data on, also those without
 * data in between. Later ones come first in ascending, then earlier ones in descending order, so that the judged
 * range stays unbroken wherever the work stops.
 */
export function dueWindows({ name, times, watermarkMs, judged, followsClock }: DueRequest): WindowSpan[] {
  const firstMs = windowAt(name, times.firstMs).startMs;
  const lastMs = windowAt(name, times.lastMs).endMs;
  const toMs = followsClock ? Math.max(lastMs, Number.isFinite(watermarkMs) ? watermarkMs : lastMs) : lastMs;
  const isDue = (window: WindowSpan) => window.endMs <= watermarkMs;
  if (judged === null) return windowsBetween(name, firstMs, toMs).filter(isDue);
  return [
    ...windowsBetween(name, judged.toMs, toMs).filter(isDue),
    ...windowsBetween(name, firstMs, judged.fromMs).filter(isDue).reverse(),
  ];
}

/** The judged range with one more window at its end or its beginning. */
export function extendRange(judged: JudgedRange | null, window: WindowSpan): JudgedRange {
  return judged === null
    ? { fromMs: window.startMs, toMs: window.endMs }
    : { fromMs: Math.min(judged.fromMs, window.startMs), toMs: Math.max(judged.toMs, window.endMs) };
}

/** Judged windows that an hour of event time lies in: what is stale when records of that hour arrive late. */
export function staleWindows(
  names: readonly string[],
  hourMs: number,
  rangeOf: (name: string) => JudgedRange | null,
): WindowSpan[] {
  return names.flatMap((name) => {
    const judged = rangeOf(name);
    if (judged === null) return [];
    return windowsBetween(name, hourMs, hourMs + 3_600_000).filter(
      (window) => window.startMs >= judged.fromMs && window.endMs <= judged.toMs,
    );
  });
}
