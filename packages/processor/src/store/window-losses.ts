import { metric } from "@tidemark/semconv";
import type { LossWindow } from "@tidemark/signals";
import type { Store } from "./store.ts";
import { WINDOW_SERIES_CONDITION, type WindowSeries, windowSeriesParameters } from "./window-series.ts";

/** The stored mean losses of a version's windows of a name against one profile that start at or after a time, in order of time. */
export function readWindowLosses(store: Store, of: WindowSeries, fromMs: number): Promise<LossWindow[]> {
  return store.query(
    `SELECT toFloat64(toUnixTimestamp64Milli(start)) AS startMs, toFloat64(toUnixTimestamp64Milli(end)) AS endMs, value AS mean,
      JSONExtractFloat(evidence, 'numbers', 'meanSquare') AS meanSquare, count AS rows, effective,
      JSONExtractFloat(evidence, 'numbers', 'maturity') AS maturity
    FROM measurement FINAL
    WHERE ${WINDOW_SERIES_CONDITION} AND start >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND signal = 'performance' AND metric = {metric:String}
    ORDER BY startMs`,
    { ...windowSeriesParameters(of), fromMs, metric: metric.performanceLoss },
  );
}
