import type { Measurement } from "@tidemark/schema";
import { keyText, type ModelKey } from "../store/models.ts";

/** The windows of one name of one version that have changed measurements. */
export interface ChangedWindows {
  readonly key: ModelKey;
  readonly windowName: string;
  /** Start of the first of them, Unix milliseconds. */
  readonly fromMs: number;
}

export interface ChangeNotes {
  note(measurements: readonly Measurement[]): void;
  /** What was noted since it was last asked. */
  take(): ChangedWindows[];
}

/** Notes from which window on what was stored has changed, for passes that read on from there. */
export function createChangeNotes(): ChangeNotes {
  let noted = new Map<string, ChangedWindows>();
  return {
    note(measurements) {
      for (const { tenant, model, version, role, window, signal } of measurements) {
        // Charts are made of the others.
        if (signal === "control") continue;
        const key = { tenant, model, version, role };
        const id = `${keyText(key)} ${window.name}`;
        const fromMs = Math.min(noted.get(id)?.fromMs ?? Number.POSITIVE_INFINITY, Date.parse(window.start));
        noted.set(id, { key, windowName: window.name, fromMs });
      }
    },
    take() {
      const taken = [...noted.values()];
      noted = new Map();
      return taken;
    },
  };
}
