import { aggregateWindow } from "../aggregate/aggregate-window.ts";
import { touchedHours } from "../aggregate/touched-hours.ts";
import type { KeyTimes } from "../pipeline/event-times.ts";
import { readEvaluationMark, saveEvaluationMark } from "../store/evaluation-marks.ts";
import { readJudgedRange, readMeasurements, saveMeasurements } from "../store/measurements.ts";
import type { ModelKey } from "../store/models.ts";
import type { Store } from "../store/store.ts";
import type { EvaluationStore } from "./evaluation-store.ts";

/** Evaluation over the SQL store. `now` stamps when rows were written; it never enters a result. */
export function createEvaluationStore(store: Store, now: () => number): EvaluationStore {
  return {
    aggregate: (request) => aggregateWindow(store, request),
    touchedHours: (tenant, model, receivedFromMs) => touchedHours(store, { tenant, model }, receivedFromMs),
    measurementsOf: ({ tenant, model, version, role }, { name, startMs }) =>
      readMeasurements(store, { tenant, model, version, role, windowName: name, fromMs: startMs, toMs: startMs + 1 }),
    save: (measurements) => saveMeasurements(store, measurements, now()),
    judgedRange: (key, windowName) => readJudgedRange(store, key, windowName),
    readMark: (tenant, model) => readEvaluationMark(store, tenant, model),
    saveMark: (tenant, model, receivedFromMs) => saveEvaluationMark(store, { tenant, model, receivedFromMs }, now()),
  };
}

/** First and last event time of every version in the store: what the watermark goes by after a restart. */
export async function readKeyTimes(store: Store): Promise<KeyTimes[]> {
  const rows = await store.query<ModelKey & { firstMs: number; lastMs: number }>(KEY_TIMES);
  return rows.map(({ firstMs, lastMs, ...key }) => ({ key, firstMs, lastMs }));
}

/** A point covers (start, time]: it belongs to the moment before its time. */
const KEY_TIMES = `
  SELECT tenant, model, version, role, toFloat64(min(firstMs)) AS firstMs, toFloat64(max(lastMs)) AS lastMs
  FROM (
    SELECT tenant, model, version, role, toUnixTimestamp64Milli(min(ts)) AS firstMs,
      toUnixTimestamp64Milli(max(ts)) AS lastMs
    FROM prediction GROUP BY tenant, model, version, role
    UNION ALL
    SELECT tenant, model, version, role, toUnixTimestamp64Milli(min(time) - toIntervalNanosecond(1)) AS firstMs,
      toUnixTimestamp64Milli(max(time) - toIntervalNanosecond(1)) AS lastMs
    FROM metric_point WHERE model != '' GROUP BY tenant, model, version, role
  )
  GROUP BY tenant, model, version, role`;
