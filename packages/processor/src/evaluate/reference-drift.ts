import { type Measurement, type ModelConfig, parseDuration } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { type DriftReference, driftReferences, referenceFindings, referenceLags } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import type { CountedWindow } from "../store/window-counts.ts";
import type { WindowSeries } from "../store/window-series.ts";
import { type Judges, stampFinding } from "./judge-window.ts";
import type { JudgedWindows } from "./judged-windows.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import type { WindowSpan } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** What drift against windows before needs of the store. */
export interface ReferenceStore {
  saveCounts(items: readonly (WindowSeries & CountedWindow)[]): Promise<void>;
  /** The stored counts of the windows that start at these times. */
  countsAt(of: WindowSeries, startsMs: readonly number[]): Promise<readonly CountedWindow[]>;
  /** Starts of the windows after a time that have stored counts. */
  countedStarts(of: WindowSeries, afterMs: number): Promise<readonly number[]>;
  /** The stored verdicts of a window against windows before it. */
  referenceVerdictsOf(key: ModelKey, window: WindowSpan): Promise<readonly Measurement[]>;
  /** Start of the newest window of a name with a verdict against a reference, Unix milliseconds; null without one. */
  newestReferenceVerdictMs(key: ModelKey, windowName: string, reference: DriftReference): Promise<number | null>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface ReferenceDriftOptions {
  readonly store: ReferenceStore;
  readonly judged: Pick<JudgedWindows, "load">;
  readonly judges: Pick<Judges, "onDefect">;
  /** Waits while the way in is busy. */
  readonly yieldToIngest: () => Promise<void>;
  /** The verdicts of a window against windows before it, as they now stand. */
  readonly onReferenceDrift: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/** Windows whose counts are read together, with those that they are held against. */
const WINDOWS_AT_ONCE = 16;

/** A drift verdict whose reference is windows before, not the training profile. */
export function isReferenceReading({ attributes }: Measurement): boolean {
  return attributes[attr.driftReference] !== undefined;
}

/**
 * Holds windows against the windows before them, as `drift.references` says, once they were judged. The verdicts are a
 * function of the stored counts alone: a window whose counts change is held again, and so is every judged window that has
 * it in a reference. Costs a window the reading of a few kilobytes for each window of its references.
 */
export function createReferenceDrift(options: ReferenceDriftOptions): (judged: readonly JudgeTask[]) => Promise<void> {
  const { store, judged } = options;
  /** Windows still to be held: those that a failure or the end of the process left, and those in work. */
  const owed = new Map<string, Set<number>>();

  const owedOf = async (of: WindowSeries, references: readonly DriftReference[]): Promise<Set<number>> => {
    const id = JSON.stringify([keyText(of.key), of.windowName, of.profileId]);
    const found = owed.get(id);
    if (found !== undefined) return found;
    let afterMs = Number.MAX_SAFE_INTEGER;
    for (const reference of references) {
      afterMs = Math.min(afterMs, (await store.newestReferenceVerdictMs(of.key, of.windowName, reference)) ?? -1);
    }
    const starts = new Set(await store.countedStarts(of, afterMs));
    owed.set(id, starts);
    return starts;
  };

  const hold = async (model: MonitoredModel, key: ModelKey, windowName: string, tasks: readonly JudgeTask[]) => {
    const references = driftReferences(model.config);
    const windowMs = parseDuration(windowName);
    const of = { key, windowName, profileId: model.profile.id };
    const due = await owedOf(of, references);
    const lags = new Map(references.map((each) => [each, referenceLags(each, windowMs, model.config)]));
    const known = await judged.load(key, windowName);
    for (const { window } of tasks) {
      due.add(window.startMs);
      for (const lag of new Set([...lags.values()].flat())) {
        if (known.has(window.startMs + lag)) due.add(window.startMs + lag);
      }
    }
    const starts = [...due].sort((a, b) => a - b);
    for (let from = 0; from < starts.length; from += WINDOWS_AT_ONCE) {
      await options.yieldToIngest();
      const some = starts.slice(from, from + WINDOWS_AT_ONCE);
      const wanted = new Set(some.flatMap((start) => [start, ...[...lags.values()].flat().map((lag) => start - lag)]));
      const counts = new Map((await store.countsAt(of, [...wanted])).map((each) => [each.startMs, each.fields]));
      const revised: Measurement[] = [];
      const held: [WindowSpan, Measurement[]][] = [];
      for (const startMs of some) {
        const window = { name: windowName, startMs, endMs: startMs + windowMs };
        const own = counts.get(startMs);
        const fresh = own === undefined ? [] : verdictsOf(model, key, window, own, lags, counts);
        const { current, changed } = reviseMeasurements(await store.referenceVerdictsOf(key, window), fresh);
        revised.push(...changed);
        held.push([window, current]);
      }
      if (revised.length > 0) await store.save(revised);
      for (const [window, current] of held) {
        due.delete(window.startMs);
        options.onReferenceDrift(key, window, current);
      }
    }
  };

  const verdictsOf = (
    model: MonitoredModel,
    key: ModelKey,
    window: WindowSpan,
    own: CountedWindow["fields"],
    lags: ReadonlyMap<DriftReference, readonly number[]>,
    counts: ReadonlyMap<number, CountedWindow["fields"]>,
  ): Measurement[] => {
    try {
      return [...lags]
        .filter(([, each]) => each.length > 0)
        .flatMap(([reference, each]) => {
          const before = each.flatMap((lag) => {
            const fields = counts.get(window.startMs - lag);
            return fields === undefined ? [] : [fields];
          });
          const windowMs = window.endMs - window.startMs;
          return referenceFindings({ reference, windowMs, window: own, before }, model);
        })
        .map((finding) => stampFinding(finding, "drift", { ...key, window }, model));
    } catch (error) {
      options.judges.onDefect("drift_references", error);
      return [];
    }
  };

  return async (tasks) => {
    const meant = tasks.filter(({ model }) => hasWindowReferences(model.config));
    for (const own of groupBy(meant, ({ key, window }) => `${keyText(key)} ${window.name}`).values()) {
      const { model, key, window } = own[0]!;
      await hold(model, key, window.name, own);
    }
  };
}

/** Whether a model is configured with a reference beside training. */
export function hasWindowReferences(config: ModelConfig): boolean {
  return driftReferences(config).length > 0;
}
