import { aggregateWindow } from "../aggregate/aggregate-window.ts";
import { readEstimationSample } from "../aggregate/estimation-sample.ts";
import { readPairedMinutes } from "../aggregate/paired-minutes.ts";
import { touchedHours } from "../aggregate/touched-hours.ts";
import { readWindowSample } from "../aggregate/window-sample.ts";
import type { KeyTimes } from "../pipeline/event-times.ts";
import { readEvaluationMark, saveEvaluationMark } from "../store/evaluation-marks.ts";
import { saveExplanation } from "../store/explanations.ts";
import { createMeasurementWriter } from "../store/measurement-writer.ts";
import { readJudgedStarts, readMeasurements } from "../store/measurements.ts";
import type { ModelKey } from "../store/models.ts";
import { readPairedWindows, savePairedWindow } from "../store/paired-windows.ts";
import type { Store } from "../store/store.ts";
import { readWindowEstimates, saveWindowEstimates } from "../store/window-estimates.ts";
import type { EvaluationStore } from "./evaluation-store.ts";
import { isCritical } from "./window-judge.ts";

/** Rows of a window that an explanation looks at: its verdicts were measured at so many. */
const SAMPLE_ROWS = 4_000;

/** Evaluation over the SQL store. `now` stamps when rows were written; it never enters a result. */
export function createEvaluationStore(store: Store, now: () => number): EvaluationStore {
  return {
    aggregate: (request) => aggregateWindow(store, request),
    touchedHours: (tenant, model, receivedFromMs) => touchedHours(store, { tenant, model }, receivedFromMs),
    async measurementsOf({ tenant, model, version, role }, { name, startMs }) {
      const filter = { tenant, model, version, role, windowName: name, fromMs: startMs, toMs: startMs + 1 };
      return (await readMeasurements(store, filter)).filter(
        ({ signal }) => signal !== "comparison" && signal !== "estimation",
      );
    },
    sample: (request) => readWindowSample(store, request, SAMPLE_ROWS),
    async isCritical({ tenant, model, version, role }, { name, startMs }) {
      const filter = { tenant, model, version, role, windowName: name, fromMs: startMs, toMs: startMs + 1 };
      return isCritical(await readMeasurements(store, filter));
    },
    saveExplanation: (explanation) => saveExplanation(store, explanation, now()),
    pairedMinutes: (request, loss) => readPairedMinutes(store, request, loss),
    savePairs: (key, window) => savePairedWindow(store, key, window, now()),
    pairsOf: (key, lengthMs) => readPairedWindows(store, key, lengthMs),
    comparisonsFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, signal: "comparison" }),
    estimationSample: (request) => readEstimationSample(store, request),
    estimatesAround: (of, startMs) => readWindowEstimates(store, of, startMs),
    saveEstimates: (of, estimates) => saveWindowEstimates(store, of, estimates, now()),
    estimationsFrom: ({ tenant, model, version, role }, windowName, fromMs) =>
      readMeasurements(store, { tenant, model, version, role, windowName, fromMs, signal: "estimation" }),
    save: createMeasurementWriter(store, now),
    judgedStarts: (key, windowName) => readJudgedStarts(store, key, windowName),
    readMark: (tenant, model) => readEvaluationMark(store, tenant, model),
    saveMark: (tenant, model, receivedFromMs) => saveEvaluationMark(store, { tenant, model, receivedFromMs }, now()),
  };
}

/** Event times of every version in the store: what the watermark goes by after a restart. */
export async function readKeyTimes(store: Store): Promise<KeyTimes[]> {
  const rows = await store.query<ModelKey & { firstMs: number; lastMs: number; days: number[] }>(KEY_TIMES);
  return rows.map(({ firstMs, lastMs, days, ...key }) => ({ key, firstMs, lastMs, days }));
}

/** A point covers (start, time]: it belongs to the moment before its time. */
const KEY_TIMES = `
  SELECT tenant, model, version, role, toFloat64(min(first)) AS firstMs, toFloat64(max(last)) AS lastMs,
    arraySort(groupUniqArray(toFloat64(day))) AS days
  FROM (
    SELECT tenant, model, version, role, intDiv(toUnixTimestamp64Milli(ts), 86400000) AS day,
      min(toUnixTimestamp64Milli(ts)) AS first, max(toUnixTimestamp64Milli(ts)) AS last
    FROM prediction GROUP BY tenant, model, version, role, day
    UNION ALL
    SELECT tenant, model, version, role, intDiv(before, 86400000) AS day, min(before) AS first, max(before) AS last
    FROM (
      SELECT tenant, model, version, role, intDiv(toUnixTimestamp64Nano(time) - 1, 1000000) AS before
      FROM metric_point WHERE model != ''
    ) GROUP BY tenant, model, version, role, day
  )
  GROUP BY tenant, model, version, role`;
