import { keyText, type ModelKey } from "../store/models.ts";
import { type WindowSpan, windowsBetween } from "./window-grid.ts";

/** Which windows are judged, by version and window length; read from the store once and kept up from then on. */
export interface JudgedWindows {
  /**
   * The judged windows of one version and length, by their start; read from the store at the first call, which is to be
   * awaited before anything else is asked of them.
   */
  load(key: ModelKey, windowName: string): Promise<ReadonlyMap<number, unknown>>;
  has(key: ModelKey, window: WindowSpan): boolean;
  /** @param seenMs What arrived before this time was taken into account. */
  add(key: ModelKey, window: WindowSpan, seenMs: number): void;
  /** Judged windows that share time with [fromMs, toMs) and have not seen what arrived at `receivedMs`. */
  stale(key: ModelKey, windowName: string, span: { fromMs: number; toMs: number; receivedMs: number }): WindowSpan[];
}

/** @param read Starts of the judged windows of one version and length, Unix milliseconds. */
export function createJudgedWindows(
  read: (key: ModelKey, windowName: string) => Promise<readonly number[]>,
): JudgedWindows {
  /** By version and length: until which arrival time each window has seen everything, by its start. */
  const judged = new Map<string, Map<number, number>>();
  const windowsOf = (key: ModelKey, name: string) => judged.get(`${keyText(key)} ${name}`);
  return {
    async load(key, windowName) {
      const known = windowsOf(key, windowName);
      if (known !== undefined) return known;
      const starts = await read(key, windowName);
      const windows = new Map(starts.map((startMs) => [startMs, 0]));
      judged.set(`${keyText(key)} ${windowName}`, windows);
      return windows;
    },
    has: (key, { name, startMs }) => windowsOf(key, name)?.has(startMs) ?? false,
    add: (key, { name, startMs }, seenMs) => void windowsOf(key, name)?.set(startMs, seenMs),
    stale: (key, windowName, { fromMs, toMs, receivedMs }) =>
      windowsBetween(windowName, fromMs, toMs).filter((window) => {
        const seenMs = windowsOf(key, windowName)?.get(window.startMs);
        return seenMs !== undefined && seenMs <= receivedMs;
      }),
  };
}
