import type { Removed } from "./retention.ts";
import type { RetentionCut } from "./retention-cut.ts";

export interface RetentionSchedule {
  readonly removeOld: (cut: RetentionCut) => Promise<Removed>;
  /** What may go now; null where nothing may. */
  readonly cut: () => Promise<RetentionCut | null>;
  readonly onRemoved: (removed: Removed, cut: RetentionCut) => void;
  readonly onFailure: (error: unknown) => void;
}

const INTERVAL_MS = 3_600_000;

/** Looks now and every hour whether more may go than the last time, and removes it. */
export function startRetention({ removeOld, cut, onRemoved, onFailure }: RetentionSchedule): {
  close(): Promise<void>;
} {
  let running: Promise<void> = Promise.resolve();
  let done = "";
  const run = async () => {
    try {
      const now = await cut();
      if (now === null || JSON.stringify(now) === done) return;
      const removed = await removeOld(now);
      done = JSON.stringify(now);
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
