import type { Measurement } from "@tidemark/schema";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import type { ModelKey } from "../store/models.ts";
import type { EvaluationStore } from "./evaluation-store.ts";
import { type Judges, judgeWindow } from "./judge-window.ts";
import type { JudgedWindows } from "./judged-windows.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import type { WindowSpan } from "./window-grid.ts";

export interface JudgeTask {
  readonly model: MonitoredModel;
  readonly key: ModelKey;
  readonly window: WindowSpan;
}

export interface WindowJudgeOptions {
  readonly store: EvaluationStore;
  readonly judged: JudgedWindows;
  readonly judges: Judges;
  /** Arrival time before which everything received is visible in the store. */
  readonly visibleBefore: () => number;
  /** Waits while the way in is busy; evaluation yields to it between windows. */
  readonly yieldToIngest: () => Promise<void>;
  /** A window was judged, again or for the first time; all its measurements as they now stand. */
  readonly onJudged: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[], seconds: number) => void;
}

/**
 * Aggregates, judges and stores windows one after the other; a window is stored while the next is aggregated.
 * Rejects at the first failure of the store; what had not been stored counts as not judged.
 */
export function createWindowJudge(options: WindowJudgeOptions): (tasks: readonly JudgeTask[]) => Promise<void> {
  const { store, judged, judges } = options;

  const revise = async ({ model, key, window }: JudgeTask) => {
    const { profile, config, configId } = model;
    const aggregate = await store.aggregate({ key, profile, window, outcomeHorizonMs: config.outcomeHorizon });
    const fresh = judgeWindow(aggregate, { profile, config, configId }, judges);
    return reviseMeasurements(judged.has(key, window) ? await store.measurementsOf(key, window) : [], fresh);
  };

  return async (tasks) => {
    let stored: Promise<void> = Promise.resolve();
    for (const task of tasks) {
      await options.yieldToIngest();
      const startedMs = performance.now();
      const seenMs = options.visibleBefore();
      const { current, changed } = await revise(task).catch(async (error: unknown) => {
        await stored;
        throw error;
      });
      await stored;
      const seconds = (performance.now() - startedMs) / 1000;
      stored = (changed.length > 0 ? store.save(changed) : Promise.resolve()).then(() => {
        judged.add(task.key, task.window, seenMs);
        options.onJudged(task.key, task.window, current, seconds);
      });
      // Its failure is met at the next await; until then it is nobody's unhandled rejection.
      stored.catch(() => undefined);
    }
    await stored;
  };
}
