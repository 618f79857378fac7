import { type Explanation, parseDuration } from "@tidemark/schema";
import { explainWindow, type WindowSample } from "@tidemark/signals";
import { WEEK_MS, weeksBefore } from "../aggregate/wall-clock.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import { type WindowSpan, windowAt } from "./window-grid.ts";
import type { JudgedTask, JudgeTask } from "./window-judge.ts";

/** What explaining needs of the store. */
export interface ExplanationStore {
  sample(request: {
    readonly key: ModelKey;
    readonly profile: MonitoredModel["profile"];
    readonly window: WindowSpan;
    readonly outcomeHorizonMs: number;
  }): Promise<WindowSample>;
  isCritical(key: ModelKey, window: WindowSpan): Promise<boolean>;
  saveExplanation(explanation: Explanation): Promise<void>;
}

export interface ExplainOptions {
  readonly store: ExplanationStore;
  /** First event time of every version, Unix milliseconds. */
  readonly deployments: () => readonly { readonly key: ModelKey; readonly firstMs: number }[];
  readonly onExplained: (explanation: Explanation) => void;
}

const HOUR_MS = 3_600_000;
/** Windows before that say what is usual. */
const WINDOWS_BEFORE = 6;
const LEAST_BEFORE = 3;

/**
 * Explains a window when performance or drift turns critical in it: the first of a run, of an hour or longer. A window shorter than a
 * week is held against the same hours of the weeks before, where three of them have rows, else against the windows before it.
 */
export function createChangeExplainer(options: ExplainOptions): (judged: readonly JudgedTask[]) => Promise<void> {
  const { store } = options;

  const isFirst = ({ key, window }: JudgeTask): Promise<boolean> =>
    store.isCritical(key, windowAt(window.name, window.startMs - 1)).then((before) => !before);

  const samplesBefore = async ({ model, key, window }: JudgeTask): Promise<WindowSample[]> => {
    const lengthMs = parseDuration(window.name);
    const read = async (startBefore: (lag: number) => number): Promise<WindowSample[]> => {
      const samples: WindowSample[] = [];
      for (let lag = WINDOWS_BEFORE; lag >= 1; lag--) {
        const startMs = startBefore(lag);
        const span = { name: window.name, startMs, endMs: startMs + lengthMs };
        samples.push(await store.sample(requestOf({ model, key, window: span })));
      }
      return samples.filter(({ total }) => total > 0);
    };
    const { timeZone } = model.profile;
    const sameHours = lengthMs < WEEK_MS ? await read((weeks) => weeksBefore(window.startMs, weeks, timeZone)) : [];
    return sameHours.length >= LEAST_BEFORE ? sameHours : read((lag) => window.startMs - lag * lengthMs);
  };

  return async (judged) => {
    for (const task of judged) {
      if (!task.isCritical || parseDuration(task.window.name) < HOUR_MS || !(await isFirst(task))) continue;
      const { model, key, window } = task;
      const sample = await store.sample(requestOf(task));
      const explanation = explainWindow(
        {
          about: { ...key, window: { name: window.name, start: isoTime(window.startMs), end: isoTime(window.endMs) } },
          sample,
          before: await samplesBefore(task),
          coincident: coincidentWith(task, options.deployments()),
        },
        model,
      );
      if (explanation === null) continue;
      await store.saveExplanation(explanation);
      options.onExplained(explanation);
    }
  };
}

function requestOf({ model, key, window }: JudgeTask) {
  return { key, profile: model.profile, window, outcomeHorizonMs: model.config.outcomeHorizon };
}

/** Versions of the model that began in the window or in the one before it. */
function coincidentWith(
  { key, window }: JudgeTask,
  deployments: ReturnType<ExplainOptions["deployments"]>,
): readonly string[] {
  const fromMs = window.startMs - (window.endMs - window.startMs);
  return deployments
    .filter((each) => each.key.tenant === key.tenant && each.key.model === key.model)
    .filter(({ firstMs }) => firstMs >= fromMs && firstMs < window.endMs)
    .toSorted((a, b) => a.firstMs - b.firstMs || (keyText(a.key) < keyText(b.key) ? -1 : 1))
    .map((each) => `${each.key.role} ${each.key.version} sent its first prediction at ${isoTime(each.firstMs)}`);
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
