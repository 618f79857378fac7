import { canonicalJson, type Measurement, type SignalName } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { aggregateWindow } from "../aggregate/aggregate-window.ts";
import { readEnsembleSums } from "../aggregate/ensemble-sums.ts";
import { readEstimationSample } from "../aggregate/estimation-sample.ts";
import { readPairedMinutes } from "../aggregate/paired-minutes.ts";
import { touchedSpans } from "../aggregate/touched-spans.ts";
import { instant } from "../aggregate/window-request.ts";
import { readWindowSample } from "../aggregate/window-sample.ts";
import type { KeyTimes } from "../pipeline/event-times.ts";
import {
  readLookDigests,
  readStateChains,
  readStreamState,
  readWindowLooks,
  type StreamKey,
  saveStreamState,
  saveWindowLooks,
  type WindowLooks,
} from "../store/drift-streams.ts";
import { readEvaluationMark, saveEvaluationMark } from "../store/evaluation-marks.ts";
import { saveExplanation } from "../store/explanations.ts";
import { createGroupWriter } from "../store/group-writer.ts";
import { readJudgedStarts, readMeasurements, readNewestStart, saveMeasurements } from "../store/measurements.ts";
import type { ModelKey } from "../store/models.ts";
import { readPairedWindows, savePairedWindow } from "../store/paired-windows.ts";
import type { Store } from "../store/store.ts";
import { type CountedWindow, readCountedStarts, readWindowCounts, saveWindowCounts } from "../store/window-counts.ts";
import { readWindowEnsembles, saveWindowEnsemble } from "../store/window-ensembles.ts";
import { readWindowEstimates, saveWindowEstimates } from "../store/window-estimates.ts";
import { readWindowLosses } from "../store/window-losses.ts";
import type { WindowSeries } from "../store/window-series.ts";
import type { EvaluationStore } from "./evaluation-store.ts";
import { isReferenceReading } from "./reference-drift.ts";
import { isHarm } from "./watch-harm.ts";
import { isStreamReading } from "./watch-streams.ts";
import { isCritical } from "./window-judge.ts";

/** Rows of a window that an explanation looks at: its verdicts were measured at so many. */
const SAMPLE_ROWS = 4_000;

/**
 * Evaluation over the SQL store. `now` stamps when rows were written; it never enters a result.
 * @param onSaved Is told of measurements once they are stored.
 */
export function createEvaluationStore(
  store: Store,
  now: () => number,
  onSaved: (measurements: readonly Measurement[]) => void = () => undefined,
): EvaluationStore {
  return {
    aggregate: (request) => aggregateWindow(store, request),
    touchedSpans: (tenant, model, receivedFromMs, spanMs) =>
      touchedSpans(store, { tenant, model }, receivedFromMs, spanMs),
    async measurementsOf({ tenant, model, version, role }, { name, startMs }) {
      const filter = { tenant, model, version, role, windowName: name, fromMs: startMs, toMs: startMs + 1 };
      const rows = await readMeasurements(store, filter);
      return rows.filter((row) => !OWN_PASS.has(row.signal) && isOwnReading(row));
    },
    sample: (request) => readWindowSample(store, request, SAMPLE_ROWS),
    async isCritical({ tenant, model, version, role }, { name, startMs }) {
      const filter = { tenant, model, version, role, windowName: name, fromMs: startMs, toMs: startMs + 1 };
      return isCritical((await readMeasurements(store, filter)).filter(isOwnReading));
    },
    saveExplanation: (explanation) => saveExplanation(store, explanation, now()),
    pairedMinutes: (request, loss) => readPairedMinutes(store, request, loss),
    savePairs: (key, window) => savePairedWindow(store, key, window, now()),
    pairsFrom: (key, lengthMs, fromMs) => readPairedWindows(store, key, lengthMs, fromMs),
    comparisonsFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, signal: "comparison" }),
    newestComparisonMs: ({ tenant, model, version, role }, windowName) =>
      readNewestStart(store, { tenant, model, version, role, windowName, signal: "comparison" }),
    ensembleSums: (request, task) => readEnsembleSums(store, request, task),
    saveEnsemble: (of, window) => saveWindowEnsemble(store, of, window, now()),
    ensembleWindowsFrom: (of, fromMs) => readWindowEnsembles(store, of, fromMs),
    ensemblesFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, signal: "ensemble" }),
    newestEnsembleMs: ({ tenant, model, version, role }, windowName) =>
      readNewestStart(store, { tenant, model, version, role, windowName, signal: "ensemble" }),
    estimationSample: (request) => readEstimationSample(store, request),
    estimatesAround: (of, startMs) => readWindowEstimates(store, of, startMs),
    saveEstimates: (of, estimates) => saveWindowEstimates(store, of, estimates, now()),
    estimationsFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, signal: "estimation" }),
    chartedFrom: ({ tenant, model, version, role }, windowName, { metric, target }, fromMs) =>
      readMeasurements(store, {
        ...{ tenant, model, version, role, windowName, metric, fromMs },
        ...(target === undefined ? {} : { target }),
      }),
    chartsFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, signal: "control" }),
    save: createGroupWriter<Measurement>(async (measurements) => {
      await saveMeasurements(store, measurements, now());
      onSaved(measurements);
    }),
    saveLooks: createGroupWriter<StreamKey & WindowLooks>((items) => saveWindowLooks(store, items, now())),
    lookDigests: (stream) => readLookDigests(store, stream),
    looksFrom: (stream, fromMs) => readWindowLooks(store, stream, Math.max(0, fromMs)),
    stateChains: (stream) => readStateChains(store, stream),
    stateOf: (stream, chain) => readStreamState(store, stream, chain),
    saveState: (stream, snapshot) => saveStreamState(store, stream, snapshot, now()),
    streamVerdictsFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs: Math.max(0, fromMs), ...STREAM }),
    newestStreamVerdictMs: ({ tenant, model, version, role }, windowName) =>
      readNewestStart(store, { tenant, model, version, role, windowName, ...STREAM }),
    lossesFrom: (stream, fromMs) => readWindowLosses(store, stream, fromMs),
    harmFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, metric: metric.performanceHarm }),
    newestHarmMs: ({ tenant, model, version, role }, windowName) =>
      readNewestStart(store, { tenant, model, version, role, windowName, metric: metric.performanceHarm }),
    saveCounts: createGroupWriter<WindowSeries & CountedWindow>((items) => saveWindowCounts(store, items, now())),
    countsAt: (of, startsMs) => readWindowCounts(store, of, startsMs),
    countedStarts: (of, afterMs) => readCountedStarts(store, of, afterMs),
    async referenceVerdictsOf({ tenant, model, version, role }, { name, startMs }) {
      const filter = { tenant, model, version, role, windowName: name, fromMs: startMs, toMs: startMs + 1 };
      return (await readMeasurements(store, { ...filter, signal: "drift" })).filter(isReferenceReading);
    },
    newestReferenceVerdictMs: ({ tenant, model, version, role }, windowName, reference) =>
      readNewestStart(store, {
        ...{ tenant, model, version, role, windowName, signal: "drift" },
        attributes: canonicalJson({ [attr.driftReading]: "window", [attr.driftReference]: reference }),
      }),
    judgedStarts: (key, windowName) => readJudgedStarts(store, key, windowName),
    readMark: (tenant, model) => readEvaluationMark(store, tenant, model),
    saveMark: (tenant, model, receivedFromMs) => saveEvaluationMark(store, { tenant, model, receivedFromMs }, now()),
  };
}

/** Signals that are judged after the window, from what is stored by then. */
const OWN_PASS: ReadonlySet<string> = new Set<SignalName>(["comparison", "ensemble", "estimation", "control"]);

/** A verdict on the window itself, against the training profile. */
function isOwnReading(row: Measurement): boolean {
  return !isStreamReading(row) && !isReferenceReading(row) && !isHarm(row);
}

const STREAM = { signal: "drift", attributes: canonicalJson({ [attr.driftReading]: "stream" }) } as const;

/**
 * Event times of every version in the store, of what arrived from a time on: what the watermark goes by after a restart, and
 * what other replicas have stored.
 */
export async function readKeyTimes(store: Store, receivedFromMs = 0): Promise<KeyTimes[]> {
  const rows = await store.query<ModelKey & { firstMs: number; lastMs: number; days: number[] }>(KEY_TIMES, {
    received: receivedFromMs,
  });
  return rows.map(({ firstMs, lastMs, days, ...key }) => ({ key, firstMs, lastMs, days }));
}

const ARRIVED = `rx >= ${instant("received")}`;

/** A point covers (start, time]: it belongs to the moment before its time. */
const KEY_TIMES = `
  SELECT tenant, model, version, role, toFloat64(min(first)) AS firstMs, toFloat64(max(last)) AS lastMs,
    arraySort(groupUniqArray(toFloat64(day))) AS days
  FROM (
    SELECT tenant, model, version, role, intDiv(toUnixTimestamp64Milli(ts), 86400000) AS day,
      min(toUnixTimestamp64Milli(ts)) AS first, max(toUnixTimestamp64Milli(ts)) AS last
    FROM prediction WHERE ${ARRIVED} GROUP BY tenant, model, version, role, day
    UNION ALL
    SELECT tenant, model, version, role, intDiv(before, 86400000) AS day, min(before) AS first, max(before) AS last
    FROM (
      SELECT tenant, model, version, role, intDiv(toUnixTimestamp64Nano(time) - 1, 1000000) AS before
      FROM metric_point WHERE model != '' AND ${ARRIVED}
    ) GROUP BY tenant, model, version, role, day
  )
  GROUP BY tenant, model, version, role`;
