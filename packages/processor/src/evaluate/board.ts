import type { Measurement } from "@tidemark/schema";
import { keyText, type ModelKey } from "../store/models.ts";
import type { WindowSpan } from "./window-grid.ts";

export interface BoardEntry {
  readonly key: ModelKey;
  readonly window: WindowSpan;
  readonly measurements: readonly Measurement[];
}

/** The newest judged window of each version and window length: what /metrics and the model list show. */
export interface Board {
  put(entry: BoardEntry): void;
  /** Replaces those measurements of a window that are of a kind, where that window is the newest. */
  amend(
    key: ModelKey,
    window: WindowSpan,
    isOfKind: (measurement: Measurement) => boolean,
    measurements: readonly Measurement[],
  ): void;
  /** Sorted by model, version, role and length of window. */
  entries(): BoardEntry[];
  /** The same without versions that have been replaced: only windows that are the newest of their model and length. */
  currentEntries(): BoardEntry[];
}

export function createBoard(): Board {
  const newest = new Map<string, BoardEntry>();
  const entries = () => [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return {
    entries,
    currentEntries() {
      const ends = new Map<string, number>();
      const idOf = ({ key, window }: BoardEntry) => JSON.stringify([key.tenant, key.model, window.name]);
      for (const entry of newest.values()) {
        ends.set(idOf(entry), Math.max(entry.window.endMs, ends.get(idOf(entry)) ?? entry.window.endMs));
      }
      return entries().filter((entry) => entry.window.endMs === ends.get(idOf(entry)));
    },
    put(entry) {
      const { key, window } = entry;
      const id = `${keyText(key)} ${window.name}`;
      const known = newest.get(id);
      if (known === undefined || known.window.endMs <= window.endMs) newest.set(id, entry);
    },
    amend(key, window, isOfKind, measurements) {
      const id = `${keyText(key)} ${window.name}`;
      const known = newest.get(id);
      if (known?.window.startMs !== window.startMs) return;
      const others = known.measurements.filter((measurement) => !isOfKind(measurement));
      newest.set(id, { ...known, measurements: [...others, ...measurements] });
    },
  };
}
