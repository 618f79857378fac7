import type { Measurement } from "@tidemark/schema";
import {
  type ComparedWindow,
  type ComparisonMark,
  compareWindows,
  comparisonFindings,
  type PairedMinute,
  type PairedWindow,
  type TaskLoss,
  taskLoss,
} from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import { stampFinding } from "./judge-window.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { shortestWindow } from "./shortest-window.ts";
import { waitedSince } from "./waited-since.ts";
import type { WindowSpan } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What comparing needs of the store. */
export interface ComparisonStore {
  pairedMinutes(
    request: { readonly key: ModelKey; readonly window: WindowSpan; readonly outcomeHorizonMs: number },
    loss: TaskLoss,
  ): Promise<readonly PairedMinute[]>;
  savePairs(key: ModelKey, window: PairedWindow): Promise<void>;
  /** The stored pairs of a challenger in windows of one length that start at or after a time, in order of time. */
  pairsFrom(key: ModelKey, lengthMs: number, fromMs: number): Promise<readonly PairedWindow[]>;
  /** The stored comparison of the windows of a name that start at or after a time. */
  comparisonsFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  /** Start of the newest window with a comparison, Unix milliseconds; null before any. */
  newestComparisonMs(key: ModelKey, windowName: string): Promise<number | null>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface CompareOptions {
  readonly store: ComparisonStore;
  /** The comparison as it stands at the end of a window. */
  readonly onCompared: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/** What is remembered of a challenger. */
interface Remembered {
  /** In order of time. */
  readonly marks: readonly ComparisonMark[];
  /** Start of the first window that waited for its outcomes, Unix milliseconds; infinite where none did. */
  readonly waitingMs: number;
}

/** Marks that are kept, the newest: of hours, forty days. A record that is later still is compared from the beginning. */
const MAX_MARKS = 32;

/**
 * Holds challengers, canaries and shadows against the champion once windows of either were judged. Only the shortest window
 * counts: its pairs are read and kept by minute, so that its cost grows with minutes and not with records. A comparison goes over
 * the minutes since its beginning; it is remembered every 32 windows, some kilobytes each, and goes on from the last of these before
 * what changed, so that a window costs the same after a year. What a late record changes is revised from its window on, and so is
 * what windows said while they waited for outcomes, once these have come or are no longer waited for.
 */
export function createRoleComparison({
  store,
  onCompared,
}: CompareOptions): (judged: readonly JudgeTask[]) => Promise<void> {
  /** By challenger, in order of time; none after a start: all is read and made again. */
  const remembered = new Map<string, Remembered>();

  const compareKey = async (model: MonitoredModel, key: ModelKey, windows: readonly WindowSpan[]): Promise<void> => {
    const loss = taskLoss(model.profile, model.config.comparison);
    const [first] = windows;
    if (loss === null || first === undefined) return;
    const { outcomeHorizon: outcomeHorizonMs } = model.config;
    const id = JSON.stringify([keyText(key), first.name, model.profile.id, model.configId]);
    const known = remembered.get(id);
    const marks = (known?.marks ?? []).filter(({ beforeMs }) => beforeMs <= first.startMs);
    // Forgotten until all is stored: after a failure everything is read again.
    remembered.delete(id);
    for (const window of windows) {
      const minutes = await store.pairedMinutes({ key, window, outcomeHorizonMs }, loss);
      await store.savePairs(key, { startMs: window.startMs, endMs: window.endMs, minutes });
    }
    const mark = marks.at(-1) ?? null;
    const paired = await store.pairsFrom(key, first.endMs - first.startMs, mark?.beforeMs ?? 0);
    const newestMs = Math.max(...windows.map(({ endMs }) => endMs), paired.at(-1)?.endMs ?? 0);
    const { compared, marks: more, waitingMs } = compareWindows(paired, loss, model.config, newestMs, mark);
    const waitedMs =
      known?.waitingMs ?? waitedSince(await store.newestComparisonMs(key, first.name), first, outcomeHorizonMs);
    const fromMs = waitingMs > waitedMs ? Math.min(first.startMs, waitedMs) : first.startMs;
    const stored = Map.groupBy(await store.comparisonsFrom(key, first.name, fromMs), ({ window }) =>
      Date.parse(window.start),
    );
    const changed: Measurement[] = [];
    for (const state of compared.filter(({ startMs }) => startMs >= fromMs)) {
      const fresh = measurementsOf(state, { key, model, loss, windowName: first.name });
      const revision = reviseMeasurements(stored.get(state.startMs) ?? [], fresh);
      changed.push(...revision.changed);
      onCompared(key, { name: first.name, startMs: state.startMs, endMs: state.endMs }, revision.current);
    }
    if (changed.length > 0) await store.save(changed);
    remembered.set(id, { marks: [...marks, ...more].slice(-MAX_MARKS), waitingMs });
  };

  return async (judged) => {
    for (const tasks of groupBy(judged, ({ key }) => JSON.stringify([key.tenant, key.model])).values()) {
      const { model } = tasks[0]!;
      const name = shortestWindow(model.config.windows);
      const own = tasks.filter(({ key, window }) => isCompared(key) && window.name === name);
      for (const ofKey of groupBy(own, ({ key }) => keyText(key)).values()) {
        const windows = ofKey.map(({ window }) => window).toSorted((a, b) => a.startMs - b.startMs);
        await compareKey(model, ofKey[0]!.key, windows);
      }
    }
  };
}

/** Members of an ensemble make its answer together; they are no rivals of it. */
export function isCompared({ role }: ModelKey): boolean {
  return role !== "champion" && role !== "member";
}

interface StampContext {
  readonly key: ModelKey;
  readonly model: MonitoredModel;
  readonly loss: TaskLoss;
  readonly windowName: string;
}

function measurementsOf(state: ComparedWindow, { key, model, loss, windowName }: StampContext): Measurement[] {
  const window = { name: windowName, startMs: state.startMs, endMs: state.endMs };
  return comparisonFindings(state, loss, key.role).map((finding) =>
    stampFinding(finding, "comparison", { ...key, window }, model),
  );
}
