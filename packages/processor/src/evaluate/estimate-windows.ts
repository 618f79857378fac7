import { createHash } from "node:crypto";
import type { Measurement, Profile } from "@tidemark/schema";
import { type EstimatedWindow, type EstimationSample, type Estimator, estimatorOf, maturedBy } from "@tidemark/signals";
import { groupBy } from "../group-by.ts";
import type { MonitoredModel } from "../pipeline/monitored-models.ts";
import { keyText, type ModelKey } from "../store/models.ts";
import type { WindowSeries } from "../store/window-series.ts";
import { stampFinding } from "./judge-window.ts";
import type { JudgedWindows } from "./judged-windows.ts";
import { reviseMeasurements } from "./revise-measurements.ts";
import { type WindowSpan, windowAt } from "./window-grid.ts";
import type { JudgeTask } from "./window-judge.ts";

/** An estimated window as it is stored, with what it was made of: where both are the same, it need not be made again. */
export interface StoredEstimate extends EstimatedWindow {
  readonly sampleId: string;
  readonly outcomesId: string;
  readonly historyId: string;
}

/** What estimating needs of the store. */
export interface EstimationStore {
  estimationSample(request: {
    readonly key: ModelKey;
    readonly profile: Profile;
    readonly window: WindowSpan;
    readonly outcomeHorizonMs: number;
    readonly matureCoverage: number;
  }): Promise<EstimationSample | null>;
  /** Those of windows from HISTORY_WINDOWS before a time on, in order of time. */
  estimatesAround(of: WindowSeries, startMs: number): Promise<readonly StoredEstimate[]>;
  saveEstimates(of: WindowSeries, estimates: readonly StoredEstimate[]): Promise<void>;
  /** The stored measurements of the signal in windows of a name that start at or after a time. */
  estimationsFrom(key: ModelKey, windowName: string, fromMs: number): Promise<readonly Measurement[]>;
  save(measurements: readonly Measurement[]): Promise<void>;
}

export interface EstimateOptions {
  readonly store: EstimationStore;
  readonly judged: Pick<JudgedWindows, "load">;
  /** A window whose estimate throws is a defect: it is told here, and the other windows are estimated. */
  readonly onDefect: (signal: string, error: unknown) => void;
  /** Waits while the way in is busy; estimating yields to it between windows. */
  readonly yieldToIngest: () => Promise<void>;
  readonly onEstimated: (key: ModelKey, window: WindowSpan, measurements: readonly Measurement[]) => void;
}

/**
 * Estimates the performance of windows once they were judged, in order of time, since each is weighed by the record of those
 * before. A window whose outcomes have matured, or changed, changes the estimates of the windows that ended after that time:
 * they are made again, so that an estimate is a function of what is stored alone.
 */
export function createEstimation({
  store,
  judged,
  onDefect,
  yieldToIngest,
  onEstimated,
}: EstimateOptions): (tasks: readonly JudgeTask[]) => Promise<void> {
  /** Windows that were judged and are still to be estimated: a failure or the end of the process came between. */
  const owed = new Map<string, Map<number, WindowSpan>>();

  const owedOf = async (of: WindowSeries): Promise<Map<number, WindowSpan>> => {
    const id = JSON.stringify([keyText(of.key), of.windowName, of.profileId]);
    const found = owed.get(id);
    if (found !== undefined) return found;
    const windows = new Map<number, WindowSpan>();
    const last = (await store.estimatesAround(of, Number.MAX_SAFE_INTEGER)).at(-1);
    if (last !== undefined) {
      for (const startMs of (await judged.load(of.key, of.windowName)).keys()) {
        if (startMs > last.startMs) windows.set(startMs, windowAt(of.windowName, startMs));
      }
    }
    owed.set(id, windows);
    return windows;
  };

  const attempt = (inputs: EstimateInputs): StoredEstimate | null => {
    try {
      return estimateOf(inputs);
    } catch (error) {
      onDefect("estimation", error);
      return null;
    }
  };

  const estimate = async (model: MonitoredModel, key: ModelKey, given: readonly WindowSpan[]): Promise<void> => {
    const { profile, config } = model;
    const estimator = estimatorOf(profile);
    if (estimator === null) return;
    const of = { key, windowName: given[0]!.name, profileId: profile.id };
    const due = await owedOf(of);
    for (const window of given) due.set(window.startMs, window);
    const windows = [...due.values()].sort((a, b) => a.startMs - b.startMs);
    const first = windows[0]!;
    const known = new Map((await store.estimatesAround(of, first.startMs)).map((each) => [each.startMs, each]));
    const touched = new Set(windows.map(({ startMs }) => startMs));
    const ends = new Map([...known.values(), ...windows].map(({ startMs, endMs }) => [startMs, endMs]));
    const later = [...ends].filter(([startMs]) => startMs >= first.startMs).sort(([a], [b]) => a - b);
    const stored = Map.groupBy(await store.estimationsFrom(key, first.name, first.startMs), ({ window }) =>
      Date.parse(window.start),
    );
    const { outcomeHorizon: outcomeHorizonMs, performance } = config;
    const matureCoverage = performance.minimumCoverage * performance.expectedCoverage;
    const changed: StoredEstimate[] = [];
    const measurements: Measurement[] = [];
    for (const [startMs, endMs] of later) {
      const before = known.get(startMs);
      const earlier = [...known.values()]
        .filter((each) => each.startMs < startMs)
        .sort((a, b) => a.startMs - b.startMs);
      const history = maturedBy(endMs, earlier);
      // What was said of a window follows from its sample and its own history, what came of it from its outcomes.
      const historyId = idOf(
        history.map(({ startMs: start, sampleId, historyId: own, outcomesId }) => [start, sampleId, own, outcomesId]),
      );
      if (!touched.has(startMs) && before?.historyId === historyId) continue;
      const window = { name: first.name, startMs, endMs };
      const sample = await store.estimationSample({ key, profile, window, outcomeHorizonMs, matureCoverage });
      await yieldToIngest();
      const now = sample === null ? null : attempt({ estimator, profile, sample, history, historyId, window, before });
      if (now !== null && idOf(now) !== idOf(before ?? null)) {
        known.set(startMs, now);
        changed.push(now);
      }
      const fresh = (now === null || sample === null ? [] : estimator.findings(now, sample, model)).map((finding) =>
        stampFinding(finding, "estimation", { ...key, window }, model),
      );
      const revision = reviseMeasurements(stored.get(startMs) ?? [], fresh);
      measurements.push(...revision.changed);
      onEstimated(key, window, revision.current);
    }
    if (measurements.length > 0) await store.save(measurements);
    if (changed.length > 0) await store.saveEstimates(of, changed);
    due.clear();
  };

  return async (tasks) => {
    const meant = tasks.filter(({ model }) => model.profile.estimation !== undefined);
    for (const own of groupBy(meant, ({ key, window }) => `${keyText(key)} ${window.name}`).values()) {
      const { model, key } = own[0]!;
      await estimate(
        model,
        key,
        own.map(({ window }) => window),
      );
    }
  };
}

interface EstimateInputs {
  readonly estimator: Estimator;
  readonly profile: Profile;
  readonly sample: EstimationSample;
  readonly history: readonly EstimatedWindow[];
  readonly historyId: string;
  readonly window: WindowSpan;
  readonly before: StoredEstimate | undefined;
}

function estimateOf({
  estimator,
  profile,
  sample,
  history,
  historyId,
  window,
  before,
}: EstimateInputs): StoredEstimate | null {
  const sampleId = idOfSample(sample);
  const isSame = before?.sampleId === sampleId && before.historyId === historyId;
  const estimate = isSame ? before.estimate : estimator.estimate(profile, sample, history);
  if (estimate === null) return null;
  const { startMs, endMs } = window;
  const told = sample.kind === "class" ? [sample.outcomes, sample.classes?.outcomes ?? null] : sample.outcomes;
  const outcomesId = idOf([sample.maturedAtMs, sampleId, told]);
  const matured = before?.outcomesId === outcomesId ? before.matured : estimator.matured(profile, sample);
  return { startMs, endMs, rows: sample.rows, sampleId, outcomesId, historyId, estimate, matured };
}

/** Of what an estimate is made of: everything but the outcomes. */
function idOfSample(sample: EstimationSample): string {
  const hash = createHash("sha256").update(JSON.stringify(sample.features));
  const said = sample.kind === "class" ? sample.scores : sample.predictions;
  hash.update(new Uint8Array(said.buffer));
  if (sample.kind === "class") {
    hash.update(sample.predicted);
    if (sample.classes !== null) hash.update(sample.classes.predicted);
  }
  return hash.update(sample.codes).digest("base64url").slice(0, 22);
}

/** NaN and null read the same: what comes back from the store has the id that it went in with. */
function idOf(content: unknown): string {
  const text = JSON.stringify(content, (_key, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
