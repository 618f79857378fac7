import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { harmFinding, harmWindows, type LossWindow } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import type { WindowSeries } from "../store/window-series.ts";
import { stampFinding } from "./judge-window.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { shortestWindow } from "./shortest-window.ts";
import type { WindowSpan } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What watching for harmful shift needs of the store. */
export interface HarmStore {
  /** The mean losses of the windows of a name against one profile that start at or after a time, in order of time. */
  lossesFrom(of: WindowSeries, fromMs: number): Promise<readonly LossWindow[]>;
  /** The stored harmful-shift verdicts of the windows of a name that start at or after a time. */
  harmFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface HarmOptions {
  readonly store: HarmStore;
  /** The harmful-shift verdict as it stands at the end of a window. */
  readonly onHarmJudged: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/** A harmful-shift verdict: it rests on all windows so far. */
export function isHarm(measurement: Measurement): boolean {
  return measurement.metric === metric.performanceHarm;
}

/** What is remembered of a version, some 100 bytes a window, so that a window costs the same after a year. */
interface Watched {
  readonly losses: readonly LossWindow[];
  /** Start of the first window that has not entered for good, Unix milliseconds. */
  readonly settledMs: number;
}

const UNWATCHED: Watched = { losses: [], settledMs: 0 };

/**
 * Judges harmful shift once windows of the shortest length were judged: a function of the stored mean losses alone, in order
 * of time, made again from the first window that changed, or that waited for its outcomes, on.
 */
export function createHarmWatch({ store, onHarmJudged }: HarmOptions): (judged: readonly JudgeTask[]) => Promise<void> {
  /** By version; none after a start: all are read and made again. */
  const watched = new Map<string, Watched>();

  const watchKey = async (tasks: readonly JudgeTask[]): Promise<void> => {
    const { model, key, window: first } = tasks.reduce((a, b) => (b.window.startMs < a.window.startMs ? b : a));
    const { risk } = model.profile;
    if (risk === undefined) return;
    const id = JSON.stringify([keyText(key), model.profile.id, model.configId]);
    const known = watched.get(id);
    const { losses: earlier, settledMs } = known ?? UNWATCHED;
    const changedMs = known === undefined ? 0 : first.startMs;
    const fromMs = Math.min(changedMs, settledMs);
    // Forgotten until all is stored: after a failure everything is read again.
    watched.delete(id);
    const of = { key, windowName: first.name, profileId: model.profile.id };
    const losses = [
      ...earlier.filter(({ startMs }) => startMs < changedMs),
      ...(await store.lossesFrom(of, changedMs)),
    ];
    const nowMs = Math.max(losses.at(-1)?.endMs ?? 0, ...tasks.map(({ window }) => window.endMs));
    const states = harmWindows(losses, risk, model.config, nowMs);
    const stored = Map.groupBy(await store.harmFrom(key, first.name, fromMs), ({ window }) => Date.parse(window.start));
    const changed: Measurement[] = [];
    for (const state of states) {
      if (state.startMs < fromMs) continue;
      const window = { name: first.name, startMs: state.startMs, endMs: state.endMs };
      const fresh = stampFinding(harmFinding(state, risk), "performance", { ...key, window }, model);
      const revision = reviseMeasurements(stored.get(state.startMs) ?? [], [fresh]);
      changed.push(...revision.changed);
      onHarmJudged(key, window, revision.current);
    }
    if (changed.length > 0) await store.save(changed);
    const waiting = states.find(({ isMature }) => !isMature);
    watched.set(id, { losses, settledMs: waiting?.startMs ?? Number.POSITIVE_INFINITY });
  };

  return async (judged) => {
    const own = judged.filter(({ model, window }) => window.name === shortestWindow(model.config.windows));
    for (const tasks of groupBy(own, ({ key }) => keyText(key)).values()) await watchKey(tasks);
  };
}
