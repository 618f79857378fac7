import { metric } from "@tidemark/semconv";
import type { ServiceCounts } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { instant, type WindowRequest } from "./window-request.ts";

/** How far before the window the last CPU reading of a process is looked for. */
const LOOKBACK_MS = 7 * 86_400_000;
/** CPU seconds are added up in whole microseconds, so that the result does not depend on the order. */
const MICRO = 1e6;

/** One series of one process. Values are those of the points, in the metric's unit. */
interface ProcessSeries {
  readonly metric: string;
  readonly isDelta: number;
  readonly startedInside: number;
  /** Points before the window and in it. */
  readonly before: number;
  readonly inside: number;
  readonly lastBefore: number;
  readonly first: number;
  readonly last: number;
  readonly largest: number;
  readonly deltaMicro: number;
}

/**
 * CPU seconds spent and the largest memory seen in (from, to], of the services and instances that sent points of the
 * model in it; process points carry no model themselves. Null where there is no point.
 */
export async function readProcessCounts(
  store: Store,
  { key, window }: WindowRequest,
): Promise<Pick<ServiceCounts, "cpuSeconds" | "maxMemoryBytes">> {
  const series = await store.query<ProcessSeries>(PROCESS_SERIES, {
    ...key,
    from: window.startMs,
    to: window.endMs,
    base: Math.max(0, window.startMs - LOOKBACK_MS),
    metrics: [metric.processCpuTime, metric.processMemoryUsage],
  });
  const of = (name: string) => series.filter((one) => one.metric === name && one.inside > 0);
  const cpu = of(metric.processCpuTime);
  const memory = of(metric.processMemoryUsage);
  return {
    cpuSeconds: cpu.length === 0 ? null : cpu.reduce((sum, one) => sum + spentMicro(one), 0) / MICRO,
    maxMemoryBytes: memory.length === 0 ? null : Math.max(...memory.map(({ largest }) => largest)),
  };
}

/** A cumulative reading less the one before the window, or less nothing where the process started in it. */
function spentMicro(series: ProcessSeries): number {
  if (series.isDelta === 1) return series.deltaMicro;
  const earlier = series.before > 0 ? series.lastBefore : series.startedInside === 1 ? 0 : series.first;
  return Math.round(series.last * MICRO) - Math.round(earlier * MICRO);
}

const INSIDE = `time > ${instant("from")}`;

const PROCESS_SERIES = `
  SELECT metric, toUInt8(temporality = 'delta') AS isDelta, toUInt8(start >= ${instant("from")}) AS startedInside,
    toUInt32(countIf(NOT (${INSIDE}))) AS before, toUInt32(countIf(${INSIDE})) AS inside,
    argMaxIf(sum, time, NOT (${INSIDE})) AS lastBefore, argMinIf(sum, time, ${INSIDE}) AS first,
    argMaxIf(sum, time, ${INSIDE}) AS last, maxIf(sum, ${INSIDE}) AS largest,
    toFloat64(sumIf(toInt64(round(sum * ${MICRO})), ${INSIDE})) AS deltaMicro
  FROM metric_point FINAL
  WHERE tenant = {tenant:String} AND model = '' AND version = '' AND role = '' AND metric IN {metrics:Array(String)}
    AND segment = '' AND time > ${instant("base")} AND time <= ${instant("to")}
    AND (service, instance) IN (
      SELECT DISTINCT service, instance FROM metric_point
      WHERE tenant = {tenant:String} AND model = {model:String} AND version = {version:String} AND role = {role:String}
        AND ${INSIDE} AND time <= ${instant("to")})
  GROUP BY metric, service, instance, series, start, temporality
  ORDER BY metric, service, instance, series, start, temporality`;
