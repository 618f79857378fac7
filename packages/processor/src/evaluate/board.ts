import type { Measurement } from "@tidemark/schema";
import type { ModelKey } from "../store/models.ts";
import type { WindowSpan } from "./window-grid.ts";

export interface BoardEntry {
  readonly key: ModelKey;
  readonly window: WindowSpan;
  readonly measurements: readonly Measurement[];
}

/** The newest judged window of each version and window length: what /metrics and the model list show. */
export interface Board {
  put(entry: BoardEntry): void;
  /** Sorted by model, version, role and length of window. */
  entries(): BoardEntry[];
}

export function createBoard(): Board {
  const newest = new Map<string, BoardEntry>();
  return {
    put(entry) {
      const { key, window } = entry;
      const id = [key.tenant, key.model, key.version, key.role, window.name].join("\n");
      const known = newest.get(id);
      if (known === undefined || known.window.endMs <= window.endMs) newest.set(id, entry);
    },
    entries: () => [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry),
  };
}
