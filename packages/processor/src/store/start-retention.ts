import type { Maintenance } from "./maintenance.ts";
import type { Removed, RetentionCut } from "./retention.ts";

export interface RetentionOptions {
  readonly removeOld: Maintenance["removeOld"];
  /** What may go now; null where nothing may. */
  readonly cut: () => RetentionCut | null;
  readonly onRemoved: (removed: Removed, cut: RetentionCut) => void;
  readonly onFailure: (error: unknown) => void;
}

const INTERVAL_MS = 3_600_000;

/** Removes what is old, now and every hour. */
export function startRetention({ removeOld, cut, onRemoved, onFailure }: RetentionOptions): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    const now = cut();
    if (now === null) return;
    try {
      const removed = await removeOld(now);
      if (Object.keys(removed.rows).length > 0) onRemoved(removed, now);
    } catch (error) {
      onFailure(error);
    }
  };
  const tick = () => {
    running = running.then(run);
  };
  tick();
  const timer = setInterval(tick, INTERVAL_MS);
  return {
    close() {
      clearInterval(timer);
      return running;
    },
  };
}
