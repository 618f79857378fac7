import type { EnsembleProposal, Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import {
  type EnsembleSums,
  type EnsembleTask,
  ensembleFindings,
  ensembleTask,
  type ReweighedWindow,
  type ReweighMark,
  reweighEnsemble,
} from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import type { SummedWindow } from "../store/window-ensembles.ts";
import type { WindowSeries } from "../store/window-series.ts";
import { stampFinding } from "./judge-window.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { shortestWindow } from "./shortest-window.ts";
import { waitedSince } from "./waited-since.ts";
import type { WindowSpan } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What judging ensembles needs of the store. */
export interface EnsembleStore {
  /** Null where no member answered in the window. */
  ensembleSums(
    request: { readonly key: ModelKey; readonly window: WindowSpan; readonly outcomeHorizonMs: number },
    task: EnsembleTask,
  ): Promise<EnsembleSums | null>;
  saveEnsemble(of: WindowSeries, window: SummedWindow): Promise<void>;
  /** The stored windows of an ensemble that start at or after a time, in order of time. */
  ensembleWindowsFrom(of: WindowSeries, fromMs: number): Promise<readonly SummedWindow[]>;
  /** The stored ensemble measurements of the windows of a name that start at or after a time. */
  ensemblesFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  /** Start of the newest window with ensemble measurements, Unix milliseconds; null before any. */
  newestEnsembleMs(key: ModelKey, windowName: string): Promise<number | null>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface EnsembleOptions {
  readonly store: EnsembleStore;
  /** The ensemble as it stands at the end of a window. */
  readonly onEnsembleJudged: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
  /** Refitted weights were proved better for the first time. */
  readonly onReweighed: (proposal: EnsembleProposal) => void;
}

/** What is remembered of an ensemble. */
interface Remembered {
  /** In order of time. */
  readonly marks: readonly ReweighMark[];
  /** Start of the first window that waited for its outcomes, Unix milliseconds; infinite where none did. */
  readonly waitingMs: number;
}

/** Marks that are kept, the newest: of hours, forty days. A record that is later still is taken in from the beginning. */
const MAX_MARKS = 32;

/**
 * Judges models whose predictions say what their members answered, once their windows were judged. Only the shortest window
 * counts: its sums are kept, and the proposal of weights goes over the sums since the beginning. It is remembered every 32 windows
 * and goes on from the last of these before what changed. What a late record changes is revised from its window on, and so is what
 * windows said while they waited for outcomes, once these have come or are no longer waited for.
 */
export function createEnsembleJudge(options: EnsembleOptions): (judged: readonly JudgeTask[]) => Promise<void> {
  const { store } = options;

  /** By ensemble, in order of time; none after a start: all is read and made again. */
  const remembered = new Map<string, Remembered>();

  const judgeKey = async (model: MonitoredModel, key: ModelKey, windows: readonly WindowSpan[]): Promise<void> => {
    const { profile, config } = model;
    const task = ensembleTask(profile, config.comparison);
    const [first] = windows;
    if (task === null || first === undefined) return;
    const of = { key, windowName: first.name, profileId: profile.id };
    const id = JSON.stringify([keyText(key), first.name, profile.id, model.configId]);
    const known = remembered.get(id);
    const waitedMs =
      known?.waitingMs ?? waitedSince(await store.newestEnsembleMs(key, first.name), first, config.outcomeHorizon);
    const waitedFromMs = Math.min(first.startMs, waitedMs);
    const marks = (known?.marks ?? []).filter(({ beforeMs }) => beforeMs <= waitedFromMs);
    // Forgotten until all is stored: after a failure everything is read again.
    remembered.delete(id);
    let isEnsemble = false;
    for (const window of windows) {
      const sums = await store.ensembleSums({ key, window, outcomeHorizonMs: config.outcomeHorizon }, task);
      if (sums === null) continue;
      isEnsemble = true;
      await store.saveEnsemble(of, { startMs: window.startMs, sums });
    }
    if (!isEnsemble) {
      remembered.set(id, { marks, waitingMs: waitedMs });
      return;
    }
    const lengthMs = first.endMs - first.startMs;
    const mark = marks.at(-1) ?? null;
    const summed = (await store.ensembleWindowsFrom(of, mark?.beforeMs ?? 0)).map((window) => ({
      ...window,
      endMs: window.startMs + lengthMs,
    }));
    const nowMs = Math.max(...windows.map(({ endMs }) => endMs), summed.at(-1)?.endMs ?? 0);
    const { reweighed, marks: more, waitingMs } = reweighEnsemble(summed, task.largestError, config, nowMs, mark);
    const fromMs = waitingMs > waitedMs ? waitedFromMs : first.startMs;
    const before = await store.ensemblesFrom(key, first.name, fromMs);
    // Told once, however often late outcomes have windows judged again.
    const isTold = before.some(({ metric: name, value }) => name === metric.ensembleProposalStatus && value === 1);
    const stored = Map.groupBy(before, ({ window }) => Date.parse(window.start));
    const changed: Measurement[] = [];
    for (const [index, state] of reweighed.entries()) {
      if (state.startMs < fromMs) continue;
      const { sums } = summed[index]!;
      const window = { name: first.name, startMs: state.startMs, endMs: state.endMs };
      const fresh = ensembleFindings(sums, state).map((finding) =>
        stampFinding(finding, "ensemble", { ...key, window }, model),
      );
      const revision = reviseMeasurements(stored.get(state.startMs) ?? [], fresh);
      changed.push(...revision.changed);
      options.onEnsembleJudged(key, window, revision.current);
      if (state.isNew && !isTold) options.onReweighed(proposalOf(key, window, sums, state));
    }
    if (changed.length > 0) await store.save(changed);
    remembered.set(id, { marks: [...marks, ...more].slice(-MAX_MARKS), waitingMs });
  };

  return async (judged) => {
    for (const tasks of groupBy(judged, ({ key }) => keyText(key)).values()) {
      const { model, key } = tasks[0]!;
      const name = shortestWindow(model.config.windows);
      const windows = tasks.map(({ window }) => window).filter((window) => window.name === name);
      await judgeKey(
        model,
        key,
        windows.toSorted((a, b) => a.startMs - b.startMs),
      );
    }
  };
}

function proposalOf(
  { tenant, model, version, role }: ModelKey,
  { name, startMs, endMs }: WindowSpan,
  { members }: EnsembleSums,
  { weights, comparison, fittedRows }: ReweighedWindow,
): EnsembleProposal {
  return {
    ...{ tenant, model, version, role },
    window: { name, start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
    weights: Object.fromEntries(members.map((member, index) => [member, weights?.[index] ?? 0])),
    gain: -(comparison?.difference ?? 0),
    lower: -(comparison?.upper ?? 0),
    upper: -(comparison?.lower ?? 0),
    outcomes: comparison?.pairs ?? 0,
    fittedRows,
  };
}
