import { keyText, type ModelKey } from "../store/models.ts";

/** What evaluation has done since the start, for the status and the processor's own metrics. */
export interface EvaluationLog {
  judged(key: ModelKey, windowEndMs: number, seconds: number): void;
  /** Takes up what was judged before the start. */
  restore(key: ModelKey, windowEndMs: number): void;
  /** A pass that the store made fail, or a signal that threw. */
  failed(): void;
  readonly windows: number;
  readonly failures: number;
  /** Seconds that the latest window took; null before the first. */
  readonly lastSeconds: number | null;
  /** End of the newest judged window of any version of a model, Unix milliseconds; null before the first. */
  newestEndMs(tenant: string, model: string): number | null;
}

export function createEvaluationLog(): EvaluationLog {
  const newest = new Map<string, { key: ModelKey; endMs: number }>();
  const totals: { windows: number; failures: number; lastSeconds: number | null } = {
    windows: 0,
    failures: 0,
    lastSeconds: null,
  };
  const restore = (key: ModelKey, windowEndMs: number): void => {
    const id = keyText(key);
    newest.set(id, { key, endMs: Math.max(windowEndMs, newest.get(id)?.endMs ?? windowEndMs) });
  };
  return {
    restore,
    judged(key, windowEndMs, seconds) {
      totals.windows++;
      totals.lastSeconds = seconds;
      restore(key, windowEndMs);
    },
    failed() {
      totals.failures++;
    },
    get windows() {
      return totals.windows;
    },
    get failures() {
      return totals.failures;
    },
    get lastSeconds() {
      return totals.lastSeconds;
    },
    newestEndMs(tenant, model) {
      const ends = [...newest.values()].filter(({ key }) => key.tenant === tenant && key.model === model);
      return ends.length === 0 ? null : Math.max(...ends.map(({ endMs }) => endMs));
    },
  };
}
