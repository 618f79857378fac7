import type { ModelKey } from "../store/models.ts";
import { extendRange, type JudgedRange } from "./due-windows.ts";
import type { WindowSpan } from "./window-grid.ts";

/** Which windows are judged, by version and window length; read from the store once and kept up from then on. */
export interface JudgedWindows {
  rangeOf(key: ModelKey, windowName: string): Promise<JudgedRange | null>;
  /** The same without asking the store: null where the range was not read yet. */
  known(key: ModelKey, windowName: string): JudgedRange | null;
  add(key: ModelKey, window: WindowSpan): void;
}

export function createJudgedWindows(
  read: (key: ModelKey, windowName: string) => Promise<JudgedRange | null>,
): JudgedWindows {
  const ranges = new Map<string, JudgedRange | null>();
  const idOf = (key: ModelKey, name: string) => [key.tenant, key.model, key.version, key.role, name].join("\n");
  return {
    async rangeOf(key, windowName) {
      const id = idOf(key, windowName);
      const range = ranges.get(id);
      if (range !== undefined) return range;
      const stored = await read(key, windowName);
      ranges.set(id, stored);
      return stored;
    },
    known: (key, windowName) => ranges.get(idOf(key, windowName)) ?? null,
    add(key, window) {
      const id = idOf(key, window.name);
      ranges.set(id, extendRange(ranges.get(id) ?? null, window));
    },
  };
}
