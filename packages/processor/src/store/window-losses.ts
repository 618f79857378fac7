import { attr, metric } from "@tidemark/semconv";
import type { LossWindow } from "@tidemark/signals";
import { quoteText } from "./quote.ts";
import type { Store } from "./store.ts";
import { WINDOW_SERIES_CONDITION, type WindowSeries, windowSeriesParameters } from "./window-series.ts";

interface LossRow extends Omit<LossWindow, "segments"> {
  /** Empty for the whole model. */
  readonly segment: string;
  readonly segmentValue: string;
}

/**
 * The stored mean losses of a version's windows of a name against one profile that start at or after a time, in order of time,
 * each with those of its segments in order of name and value.
 */
export async function readWindowLosses(store: Store, of: WindowSeries, fromMs: number): Promise<LossWindow[]> {
  const rows = await store.query<LossRow>(
    `SELECT toFloat64(toUnixTimestamp64Milli(start)) AS startMs, toFloat64(toUnixTimestamp64Milli(end)) AS endMs, value AS mean,
      JSONExtractFloat(evidence, 'numbers', 'meanSquare') AS meanSquare, count AS rows, effective,
      JSONExtractFloat(evidence, 'numbers', 'maturity') AS maturity,
      JSONExtractString(attributes, ${quoteText(attr.segmentName)}) AS segment,
      JSONExtractString(attributes, ${quoteText(attr.segmentValue)}) AS segmentValue
    FROM measurement FINAL
    WHERE ${WINDOW_SERIES_CONDITION} AND start >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND signal = 'performance' AND metric = {metric:String}
    ORDER BY startMs, segment, segmentValue`,
    { ...windowSeriesParameters(of), fromMs, metric: metric.performanceLoss },
  );
  const windows: (LossWindow & { readonly segments: LossWindow["segments"][number][] })[] = [];
  for (const { segment: name, segmentValue: value, ...sums } of rows) {
    const { startMs, endMs, maturity, ...loss } = sums;
    if (name === "") windows.push({ startMs, endMs, maturity, ...loss, segments: [] });
    else if (windows.at(-1)?.startMs === startMs) windows.at(-1)!.segments.push({ name, value, ...loss });
  }
  return windows;
}
