import { parseDuration } from "@tidemark/schema";
import type { TouchedSpan } from "../aggregate/touched-spans.ts";
import { groupBy } from "../group-by.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import type { EventTimes, KeyTimes } from "../pipeline/event-times.ts";
import type { MonitoredModel, MonitoredModels } from "../pipeline/monitored-models.ts";
import { keyText } from "../store/models.ts";
import type { ChangedWindows, ChangeNotes } from "./changed-windows.ts";
import { type ChartOptions, createCharting } from "./chart-windows.ts";
import { type CompareOptions, createRoleComparison, isCompared } from "./compare-roles.ts";
import { comparedSpans } from "./compared-spans.ts";
import { createEstimation, type EstimateOptions } from "./estimate-windows.ts";
import { createChangeExplainer, type ExplainOptions } from "./explain-changes.ts";
import { createEnsembleJudge, type EnsembleOptions } from "./judge-ensembles.ts";
import { createJudgedWindows, type JudgedWindows } from "./judged-windows.ts";
import { createReferenceDrift, type ReferenceDriftOptions } from "./reference-drift.ts";
import { createScheduledRuns, type ScheduleState } from "./scheduled-runs.ts";
import { wantedWindows } from "./wanted-windows.ts";
import { createHarmWatch, type HarmOptions } from "./watch-harm.ts";
import { createStreamWatch, type WatchOptions } from "./watch-streams.ts";
import { type WatermarkClock, watermarkOf } from "./watermark.ts";
import { createWindowJudge, type JudgeTask, type WindowJudgeOptions } from "./window-judge.ts";

export interface EvaluatorOptions
  extends Omit<WindowJudgeOptions, "judged">,
    Pick<ChartOptions, "onCharted">,
    Pick<CompareOptions, "onCompared">,
    Pick<EnsembleOptions, "onEnsembleJudged" | "onReweighed">,
    Pick<EstimateOptions, "onEstimated">,
    Pick<ExplainOptions, "onExplained">,
    Pick<HarmOptions, "onHarmJudged">,
    Pick<ReferenceDriftOptions, "onReferenceDrift">,
    Pick<WatchOptions, "onWatched"> {
  readonly models: MonitoredModels;
  readonly eventTimes: EventTimes;
  /** Is told by the store of the measurements that are saved. */
  readonly changes: Pick<ChangeNotes, "take">;
  readonly clock: WatermarkClock;
  readonly now: () => number;
}

/** Arrival times, Unix milliseconds. */
interface Mark {
  /** Up to which late records have been taken care of. */
  readonly seenMs: number;
  /** What the store knows of it. */
  readonly storedMs: number;
}

interface ModelProgress {
  readonly tenant: string;
  readonly model: string;
  /** Newest event time of predictions and points, Unix milliseconds. */
  readonly newestMs: number;
  /** Infinity after a replay's end. */
  readonly watermarkMs: number;
  /** Event time up to which windows ought to be judged: the watermark, or a schedule's last instant before it. */
  readonly boundMs: number;
  /** Null where the model has none. */
  readonly schedule: ScheduleState | null;
}

/**
 * Judges windows as the watermark passes them, and again when late records touch them; those of a model with a schedule
 * at its runs alone. One pass at a time.
 */
export interface Evaluator {
  /**
   * Judges what is due, and with `late` also what later records have touched.
   * Returns the number of windows judged. Rejects where the store fails; what is left is judged by the next pass.
   */
  run(options: { readonly late: boolean }): Promise<number>;
  /** A replay's end: every window with data closes. */
  finish(): void;
  progress(): ModelProgress[];
}

/** Points of the process itself name no model and no version: they may concern every one. */
const NO_MODEL = "";
const MARK_INTERVAL_MS = 10_000;
/** Late records are told apart by hours, or by the shortest windows, where these are shorter. */
const HOUR_MS = 3_600_000;

export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { store, models, eventTimes, clock, changes } = options;
  const judged = createJudgedWindows((key, name) => store.judgedStarts(key, name));
  const judge = createWindowJudge({ ...options, judged });
  const estimate = createEstimation({ ...options, onDefect: options.judges.onDefect, judged });
  const watch = createStreamWatch(options);
  const watchHarm = createHarmWatch(options);
  const judgeReferences = createReferenceDrift({ ...options, judged });
  const compare = createRoleComparison(options);
  const judgeEnsembles = createEnsembleJudge(options);
  const chart = createCharting(options);
  const explain = createChangeExplainer({
    ...options,
    deployments: () => eventTimes.list().map(({ key, firstMs }) => ({ key, firstMs })),
  });
  const marks = new Map<string, Mark>();
  /** Windows by model whose judging, or a pass over them, a failure ended. */
  const owed = new Map<MonitoredModel, Map<string, JudgeTask>>();
  /** What charts were not drawn on from yet. */
  let uncharted: ChangedWindows[] = [];
  const runs = createScheduledRuns(clock, options.now);
  let finished = false;

  /** The passes over what is stored, once windows are judged. Charts come last: they may be of anything the others found. */
  const afterJudging = async (tasks: readonly JudgeTask[], compared: readonly JudgeTask[]): Promise<void> => {
    await estimate(tasks);
    await watch(tasks);
    await watchHarm(tasks);
    await judgeReferences(tasks);
    await compare(compared);
    await judgeEnsembles(tasks);
    uncharted.push(...changes.take());
    await chart(uncharted);
    uncharted = [];
  };

  /**
   * Judges windows and makes the passes over them; those too that were left when a pass failed after its windows were judged, which
   * no late record marks again.
   * @param again Of the windows, those that were judged before.
   */
  const settle = async (
    model: MonitoredModel,
    versions: readonly KeyTimes[],
    tasks: readonly JudgeTask[],
    again: readonly JudgeTask[],
  ): Promise<void> => {
    const unsettled = owed.get(model) ?? new Map<string, JudgeTask>();
    owed.set(model, unsettled);
    const own = new Set(tasks.map(idOf));
    const left = [...unsettled.values()].filter((task) => !own.has(idOf(task)) && judged.has(task.key, task.window));
    for (const task of tasks) unsettled.set(idOf(task), task);
    const all = inOrder([...left, ...tasks]);
    await explain(await judge(all));
    await afterJudging(all, [...all, ...rivalsOf([...left, ...again], versions, judged)]);
    unsettled.clear();
  };

  /** @param watermarkMs Event time up to which windows are judged. */
  const judgeDue = async (
    model: MonitoredModel,
    versions: readonly KeyTimes[],
    watermarkMs: number,
  ): Promise<number> => {
    const tasks: JudgeTask[] = [];
    for (const times of versions) {
      const followsClock = clock.mode === "live" && isLatestOfRole(times, versions);
      for (const name of model.config.windows) {
        const known = await judged.load(times.key, name);
        for (const window of wantedWindows({ name, times, watermarkMs, followsClock })) {
          if (!known.has(window.startMs)) tasks.push({ model, key: times.key, window });
        }
      }
    }
    await settle(model, versions, tasks, []);
    return tasks.length;
  };

  const staleTasks = (
    model: MonitoredModel,
    versions: readonly KeyTimes[],
    touched: readonly TouchedSpan[],
    spanMs: number,
  ): JudgeTask[] => {
    const tasks = new Map<string, JudgeTask>();
    for (const { version, role, startMs, receivedMs } of touched) {
      const isMeant = ({ key }: KeyTimes) => version === NO_MODEL || (key.version === version && key.role === role);
      for (const { key } of versions.filter(isMeant)) {
        for (const compared of comparedSpans({ startMs, spanMs }, model.profile.timeZone)) {
          const span = { ...compared, receivedMs };
          for (const window of model.config.windows.flatMap((length) => judged.stale(key, length, span))) {
            tasks.set(idOf({ key, window }), { model, key, window });
          }
        }
      }
    }
    return [...tasks.values()];
  };

  const markOf = async (model: MonitoredModel): Promise<Mark> => {
    const { tenant, name } = model.config;
    const id = JSON.stringify([tenant, name]);
    let mark = marks.get(id);
    if (mark === undefined) {
      const seenMs = await store.readMark(tenant, name);
      runs.restore(model, seenMs);
      mark = { seenMs: seenMs ?? 0, storedMs: 0 };
      marks.set(id, mark);
    }
    return mark;
  };

  /** @param plannedMs The instant of the run that it belongs to; null without a schedule. */
  const judgeStale = async (
    model: MonitoredModel,
    versions: readonly KeyTimes[],
    plannedMs: number | null,
  ): Promise<number> => {
    const { tenant, name } = model.config;
    const mark = await markOf(model);
    const seenMs = options.visibleBefore();
    const spanMs = Math.min(HOUR_MS, ...model.config.windows.map(parseDuration));
    const touched = [
      ...(await store.touchedSpans(tenant, name, mark.seenMs, spanMs)),
      ...(await store.touchedSpans(tenant, NO_MODEL, mark.seenMs, spanMs)),
    ];
    const stale = staleTasks(model, versions, touched, spanMs);
    await settle(model, versions, stale, stale);
    // A stored mark that lags costs a restart some repeated work, never a result: it is written now and then. That of a
    // run is its instant: by it a restart knows which runs were made.
    const isDue = plannedMs !== null || seenMs - mark.storedMs >= MARK_INTERVAL_MS;
    if (isDue) await store.saveMark(tenant, name, plannedMs === null ? seenMs : Math.min(plannedMs, seenMs));
    marks.set(JSON.stringify([tenant, name]), { seenMs, storedMs: isDue ? seenMs : mark.storedMs });
    return stale.length;
  };

  const runScheduled = async (
    model: MonitoredModel,
    versions: readonly KeyTimes[],
    watermarkMs: number,
  ): Promise<number> => {
    await markOf(model);
    const instantMs = runs.dueAt(model, watermarkMs);
    if (instantMs === null) return 0;
    const count =
      (await judgeDue(model, versions, instantMs)) +
      (await judgeStale(model, versions, clock.mode === "live" ? instantMs : null));
    runs.made(model, instantMs, (await markOf(model)).seenMs);
    return count;
  };

  const pass = oneAtATime(async (late: boolean): Promise<number> => {
    let count = 0;
    for (const versions of versionsByModel(eventTimes)) {
      const { key } = versions[0]!;
      const model = models.find(key.tenant, key.model);
      if (model === undefined) continue;
      const watermarkMs = watermarkOf(clock, newestOf(versions), options.now(), finished);
      if (model.config.schedule !== undefined && !finished) {
        count += await runScheduled(model, versions, watermarkMs);
      } else {
        count += await judgeDue(model, versions, watermarkMs);
        if (late) count += await judgeStale(model, versions, null);
      }
    }
    return count;
  });

  return {
    run: ({ late }) => pass(late),
    finish() {
      finished = true;
    },
    progress: () =>
      versionsByModel(eventTimes).map((versions) => {
        const { tenant, model } = versions[0]!.key;
        const newestMs = newestOf(versions);
        const watermarkMs = watermarkOf(clock, newestMs, options.now(), finished);
        const monitored = models.find(tenant, model);
        return {
          ...{ tenant, model, newestMs, watermarkMs },
          boundMs: monitored === undefined ? watermarkMs : runs.boundOf(monitored, watermarkMs),
          schedule: monitored === undefined ? null : runs.state(monitored, watermarkMs),
        };
      }),
  };
}

/** The challengers' judged windows at the times of changed windows of a champion: its late answers complete pairs. */
function rivalsOf(stale: readonly JudgeTask[], versions: readonly KeyTimes[], judged: JudgedWindows): JudgeTask[] {
  const rivals = versions.map(({ key }) => key).filter(isCompared);
  const known = new Set(stale.map(idOf));
  return stale
    .filter(({ key }) => key.role === "champion")
    .flatMap(({ model, window }) => rivals.map((key) => ({ model, key, window })))
    .filter(({ key, window }) => {
      const id = idOf({ key, window });
      if (known.has(id) || !judged.has(key, window)) return false;
      known.add(id);
      return true;
    });
}

/** The versions of each model that has sent anything. */
function versionsByModel(eventTimes: EventTimes): KeyTimes[][] {
  return [...groupBy(eventTimes.list(), ({ key }) => JSON.stringify([key.tenant, key.model])).values()];
}

function newestOf(versions: readonly KeyTimes[]): number {
  return Math.max(...versions.map((version) => version.lastMs));
}

/** Of the versions that play one role, the one with the newest data; the others have been replaced. */
function isLatestOfRole(times: KeyTimes, versions: readonly KeyTimes[]): boolean {
  return versions.every(({ key, lastMs }) => key.role !== times.key.role || lastMs <= times.lastMs);
}

function idOf({ key, window }: Pick<JudgeTask, "key" | "window">): string {
  return `${keyText(key)} ${window.name} ${window.startMs}`;
}

function inOrder(tasks: readonly JudgeTask[]): JudgeTask[] {
  return tasks.toSorted((a, b) => a.window.endMs - b.window.endMs || a.window.startMs - b.window.startMs);
}
