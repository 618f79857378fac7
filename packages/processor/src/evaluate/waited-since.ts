import type { WindowSpan } from "./window-grid.ts";

/**
 * Start before which no window waited for its outcomes when the processor last judged any, as far as the store says, Unix milliseconds: 0
 * where it has no verdict.
 *
 * @param newestMs Start of the newest window with a verdict; null before any.
 * @param window Any of these windows.
 */
export function waitedSince(newestMs: number | null, { startMs, endMs }: WindowSpan, horizonMs: number): number {
  return newestMs === null ? 0 : Math.max(0, newestMs - horizonMs - (endMs - startMs));
}
