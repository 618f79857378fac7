import type { Measurement } from "@tidemark/schema";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import type { ModelKey } from "../store/models.ts";
import type { EvaluationStore } from "./evaluation-store.ts";
import { countsOfWindow, type Judges, judgeWindow, looksOfWindow } from "./judge-window.ts";
import type { JudgedWindows } from "./judged-windows.ts";
import { hasWindowReferences } from "./reference-drift.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { shortestWindow } from "./shortest-window.ts";
import type { WindowSpan } from "./window-grid.ts";

export interface JudgeTask {
  readonly model: MonitoredModel;
  readonly key: ModelKey;
  readonly window: WindowSpan;
}

export interface JudgedTask extends JudgeTask {
  /** Whether performance or drift of any target is critical. */
  readonly isCritical: boolean;
}

export interface WindowJudgeOptions {
  readonly store: EvaluationStore;
  readonly judged: JudgedWindows;
  readonly judges: Judges;
  /** Arrival time before which everything received is visible in the store. */
  readonly visibleBefore: () => number;
  /** Waits while the way in is busy; evaluation yields to it between windows. */
  readonly yieldToIngest: () => Promise<void>;
  /** A window was judged, again or for the first time: all its measurements as they now stand, and those that changed. */
  readonly onJudged: (
    key: ModelKey,
    window: WindowSpan,
    measurements: { readonly current: readonly Measurement[]; readonly changed: readonly Measurement[] },
    seconds: number,
  ) => void;
}

/** Windows in work at once: two are aggregated while others are judged, or stored together. */
const WORKERS = 4;

/**
 * Aggregates, judges and stores windows, in the order given as far as several at a time allow. Rejects after the first
 * failure of the store, when nothing is in work any more; what had not been stored counts as not judged. Resolves with the
 * tasks in the order given.
 */
export function createWindowJudge(options: WindowJudgeOptions): (tasks: readonly JudgeTask[]) => Promise<JudgedTask[]> {
  const { store, judged, judges } = options;

  const judge = async ({ model, key, window }: JudgeTask): Promise<JudgedTask> => {
    const startedMs = performance.now();
    const seenMs = options.visibleBefore();
    const { profile, config, configId } = model;
    const { outcomeHorizon: outcomeHorizonMs, segments } = config;
    const { multivariateRows } = config.drift;
    const { pattern: patterns } = config.quality;
    const aggregate = await store.aggregate({
      key,
      profile,
      window,
      outcomeHorizonMs,
      segments,
      multivariateRows,
      patterns,
    });
    const fresh = judgeWindow(aggregate, { profile, config, configId }, judges);
    const stored = judged.has(key, window) ? await store.measurementsOf(key, window) : [];
    const { current, changed } = reviseMeasurements(stored, fresh);
    if (window.name === shortestWindow(config.windows)) {
      const { startMs, endMs } = window;
      const fields = looksOfWindow(aggregate, { profile, config, configId }, judges);
      const stream = { key, lengthMs: endMs - startMs, profileId: profile.id };
      if (fields !== null) await store.saveLooks([{ ...stream, startMs, fields }]);
    }
    if (hasWindowReferences(config)) {
      const fields = countsOfWindow(aggregate, { profile, config, configId }, judges);
      const of = { key, windowName: window.name, profileId: profile.id };
      if (fields !== null) await store.saveCounts([{ ...of, startMs: window.startMs, fields }]);
    }
    if (changed.length > 0) await store.save(changed);
    judged.add(key, window, seenMs);
    options.onJudged(key, window, { current, changed }, (performance.now() - startedMs) / 1000);
    return { model, key, window, isCritical: isCritical(current) };
  };

  return async (tasks) => {
    const waiting = tasks.entries();
    const done: JudgedTask[] = [];
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (const [index, task] of waiting) {
        await options.yieldToIngest();
        if (failures.length > 0) return;
        try {
          done[index] = await judge(task);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    if (failures.length > 0) throw failures[0];
    return done;
  };
}

/** Whether performance or drift of any target is critical. */
export function isCritical(measurements: readonly Measurement[]): boolean {
  return measurements.some(
    ({ signal, state }) => state === "critical" && (signal === "performance" || signal === "drift"),
  );
}
