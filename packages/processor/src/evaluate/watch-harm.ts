import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { HarmFamily, harmFinding, type LossWindow, unjudgedHarmFinding } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import type { WindowSeries } from "../store/window-series.ts";
import { stampFinding } from "./judge-window.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { shortestWindow } from "./shortest-window.ts";
import { waitedSince } from "./waited-since.ts";
import type { WindowSpan } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What watching for harmful shift needs of the store. */
export interface HarmStore {
  /** The mean losses of the windows of a name against one profile that start at or after a time, in order of time. */
  lossesFrom(of: WindowSeries, fromMs: number): Promise<readonly LossWindow[]>;
  /** The stored harmful-shift verdicts, of the whole and by segment, of the windows of a name that start at or after a time. */
  harmFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  /** Start of the newest window with a harmful-shift verdict, Unix milliseconds; null before any. */
  newestHarmMs(key: ModelKey, windowName: string): Promise<number | null>;
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

/** The verdicts as they stood before a window, of which nothing waits: what is judged from there on. */
interface Checkpoint {
  readonly fromMs: number;
  readonly family: HarmFamily;
}

/** What is remembered of a version. */
interface Watched {
  /** In order of time. */
  readonly checkpoints: readonly Checkpoint[];
  /** Start of the first window that has not entered for good, Unix milliseconds. */
  readonly settledMs: number;
}

/** Windows between two checkpoints, and how many of those are kept: of hours, forty days. */
const CHECKPOINT_WINDOWS = 32;
const MAX_CHECKPOINTS = 32;

/**
 * Judges harmful shift, of the whole and by segment, once windows of the shortest length were judged: a function of the stored
 * mean losses alone, in order of time, made again from the first window that changed, or that waited for its outcomes, on.
 * Checkpoints save reading what came long before; a restart reads everything once.
 */
export function createHarmWatch({ store, onHarmJudged }: HarmOptions): (judged: readonly JudgeTask[]) => Promise<void> {
  const watched = new Map<string, Watched>();

  const watchKey = async (tasks: readonly JudgeTask[]): Promise<void> => {
    const { model, key, window: first } = tasks.reduce((a, b) => (b.window.startMs < a.window.startMs ? b : a));
    const { risk } = model.profile;
    if (risk === undefined) return;
    const id = JSON.stringify([keyText(key), model.profile.id, model.configId]);
    const start: Checkpoint = { fromMs: 0, family: new HarmFamily(risk, model.config) };
    const known = watched.get(id);
    // Forgotten until all is stored: after a failure everything is read again.
    watched.delete(id);
    const fromMs = Math.min(
      first.startMs,
      known?.settledMs ?? waitedSince(await store.newestHarmMs(key, first.name), first, model.config.outcomeHorizon),
    );
    const checkpoints = (known?.checkpoints ?? []).filter((each) => each.fromMs <= fromMs);
    const base = checkpoints.at(-1) ?? start;
    const losses = await store.lossesFrom({ key, windowName: first.name, profileId: model.profile.id }, base.fromMs);
    const nowMs = Math.max(losses.at(-1)?.endMs ?? 0, ...tasks.map(({ window }) => window.endMs));
    const stored = Map.groupBy(await store.harmFrom(key, first.name, fromMs), ({ window }) => Date.parse(window.start));
    const family = base.family.clone();
    const unjudged = family.unjudged.map(unjudgedHarmFinding);
    const changed: Measurement[] = [];
    let settledMs = Number.POSITIVE_INFINITY;
    for (const [index, loss] of losses.entries()) {
      if (index > 0 && index % CHECKPOINT_WINDOWS === 0 && !family.isWaiting) {
        checkpoints.push({ fromMs: loss.startMs, family: family.clone() });
      }
      const verdicts = family.add(loss, nowMs);
      if (family.isWaiting) settledMs = Math.min(settledMs, loss.startMs);
      if (loss.startMs < fromMs) continue;
      const window = { name: first.name, startMs: loss.startMs, endMs: loss.endMs };
      const findings = [...verdicts.map((verdict) => harmFinding(verdict, risk.loss)), ...unjudged];
      const fresh = findings.map((finding) => stampFinding(finding, "performance", { ...key, window }, model));
      const revision = reviseMeasurements(stored.get(loss.startMs) ?? [], fresh);
      changed.push(...revision.changed);
      onHarmJudged(key, window, revision.current);
    }
    if (changed.length > 0) await store.save(changed);
    watched.set(id, { checkpoints: checkpoints.slice(-MAX_CHECKPOINTS), settledMs });
  };

  return async (judged) => {
    const own = judged.filter(({ model, window }) => window.name === shortestWindow(model.config.windows));
    for (const tasks of groupBy(own, ({ key }) => keyText(key)).values()) await watchKey(tasks);
  };
}
