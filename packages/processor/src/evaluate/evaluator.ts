import type { Measurement } from "@tidemark/schema";
import { groupBy } from "../group-by.ts";
import type { EventTimes, KeyTimes } from "../pipeline/event-times.ts";
import type { MonitoredModel, MonitoredModels } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import { dueWindows, staleWindows } from "./due-windows.ts";
import type { EvaluationStore } from "./evaluation-store.ts";
import { type Judges, judgeWindow } from "./judge-window.ts";
import { createJudgedWindows } from "./judged-windows.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { type WatermarkClock, watermarkOf } from "./watermark.ts";
import type { WindowSpan } from "./window-grid.ts";

export interface EvaluatorOptions {
  readonly store: EvaluationStore;
  readonly models: MonitoredModels;
  readonly eventTimes: EventTimes;
  readonly clock: WatermarkClock;
  readonly judges: Judges;
  readonly now: () => number;
  /** Arrival time before which everything received is visible in the store. */
  readonly visibleBefore: () => number;
  /** Waits while the way in is busy; evaluation yields to it between windows. */
  readonly yieldToIngest: () => Promise<void>;
  /** A window was judged, again or for the first time; all its measurements as they now stand. */
  readonly onJudged: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[], seconds: number) => void;
}

export interface ModelProgress {
  readonly tenant: string;
  readonly model: string;
  /** Newest event time of predictions and points, Unix milliseconds. */
  readonly newestMs: number;
  /** Infinity after a replay's end. */
  readonly watermarkMs: number;
}

/** Judges windows as the watermark passes them, and again when late records touch them. One pass at a time. */
export interface Evaluator {
  /**
   * Judges what is due. Late records are looked for where windows are due anyway, or where `late` asks for it.
   * Returns the number of windows judged. Rejects where the store fails; what is left is judged by the next pass.
   */
  run(options: { readonly late: boolean }): Promise<number>;
  /** A replay's end: every window with data closes. */
  finish(): void;
  progress(): ModelProgress[];
}

const MARK_INTERVAL_MS = 10_000;

export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { store, models, eventTimes, clock } = options;
  const judged = createJudgedWindows((key, name) => store.judgedRange(key, name));
  const marks = new Map<string, number>();
  const storedMarks = new Map<string, number>();
  let finished = false;
  let queue: Promise<unknown> = Promise.resolve();

  const judge = async (model: MonitoredModel, key: ModelKey, window: WindowSpan): Promise<void> => {
    await options.yieldToIngest();
    const startedMs = performance.now();
    const { profile, config, configId } = model;
    const request = { key, profile, window, outcomeHorizonMs: config.outcomeHorizon };
    const aggregate = await store.aggregate(request);
    const fresh = judgeWindow(aggregate, { profile, config, configId }, options.judges);
    const { current, changed } = reviseMeasurements(await store.measurementsOf(key, window), fresh);
    if (changed.length > 0) await store.save(changed);
    judged.add(key, window);
    options.onJudged(key, window, current, (performance.now() - startedMs) / 1000);
  };

  /** Judges again what records touched that arrived since the last look. */
  const judgeStale = async (model: MonitoredModel, tenant: string, versions: readonly KeyTimes[]): Promise<number> => {
    const { name, windows } = model.config;
    const id = `${tenant}\n${name}`;
    const from = marks.get(id) ?? (await store.readMark(tenant, name)) ?? 0;
    const next = options.visibleBefore();
    const stale = new Map<string, { key: ModelKey; window: WindowSpan }>();
    for (const touched of await store.touchedHours(tenant, name, from)) {
      const key = versions.find((at) => at.key.version === touched.version && at.key.role === touched.role)?.key;
      if (key === undefined) continue;
      for (const window of staleWindows(windows, touched.hourMs, (length) => judged.known(key, length))) {
        stale.set(`${keyText(key)} ${window.name} ${window.startMs}`, { key, window });
      }
    }
    const inOrder = [...stale.values()].sort((a, b) => a.window.endMs - b.window.endMs);
    for (const { key, window } of inOrder) await judge(model, key, window);
    marks.set(id, next);
    await keepMark(tenant, name, next);
    return stale.size;
  };

  /** A mark that lags costs a restart some repeated work, never a result: it is stored now and then. */
  const keepMark = async (tenant: string, name: string, mark: number): Promise<void> => {
    const id = `${tenant}\n${name}`;
    if (mark - (storedMarks.get(id) ?? 0) < MARK_INTERVAL_MS) return;
    await store.saveMark(tenant, name, mark);
    storedMarks.set(id, mark);
  };

  const judgeModel = async (tenant: string, model: MonitoredModel, versions: readonly KeyTimes[], late: boolean) => {
    const newestMs = Math.max(...versions.map((version) => version.lastMs));
    const watermarkMs = watermarkOf(clock, newestMs, options.now(), finished);
    const due: { key: ModelKey; window: WindowSpan }[] = [];
    for (const times of versions) {
      const followsClock = clock.mode === "live" && isLatestOfRole(times, versions);
      for (const name of model.config.windows) {
        const range = await judged.rangeOf(times.key, name);
        for (const window of dueWindows({ name, times, watermarkMs, judged: range, followsClock })) {
          due.push({ key: times.key, window });
        }
      }
    }
    // Late records first: a window judged below has seen all that came before it.
    const again = late || due.length > 0 ? await judgeStale(model, tenant, versions) : 0;
    for (const { key, window } of due) await judge(model, key, window);
    return again + due.length;
  };

  const pass = async (late: boolean): Promise<number> => {
    let count = 0;
    for (const [id, versions] of groupBy(eventTimes.list(), ({ key }) => `${key.tenant}\n${key.model}`)) {
      const [tenant = "", name = ""] = id.split("\n");
      const model = models.get(name);
      if (model !== undefined) count += await judgeModel(tenant, model, versions, late);
    }
    return count;
  };

  return {
    run({ late }) {
      const result = queue.then(() => pass(late));
      queue = result.catch(() => undefined);
      return result;
    },
    finish() {
      finished = true;
    },
    progress: () =>
      [...groupBy(eventTimes.list(), ({ key }) => `${key.tenant}\n${key.model}`).values()].map((versions) => {
        const { tenant, model } = versions[0]!.key;
        const newestMs = Math.max(...versions.map((version) => version.lastMs));
        return { tenant, model, newestMs, watermarkMs: watermarkOf(clock, newestMs, options.now(), finished) };
      }),
  };
}

/** Of the versions that play one role, the one with the newest data; the others have been replaced. */
function isLatestOfRole(times: KeyTimes, versions: readonly KeyTimes[]): boolean {
  return versions.every(({ key, lastMs }) => key.role !== times.key.role || lastMs <= times.lastMs);
}
