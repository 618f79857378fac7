import { metric } from "@tidemark/semconv";
import type { ServiceCounts } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { binUnion, commonBoundaries } from "./merge-bins.ts";
import type { PointCount } from "./point-counts.ts";
import { instant, KEY_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Metrics of the model that say how its service did. */
export const SERVICE_METRICS = [metric.inferenceDuration, metric.inferencePredictions] as const;

/** Latency, failures, CPU and memory of the services that sent the model's points; null where none sent any. */
export async function readServiceCounts(
  store: Store,
  request: WindowRequest,
  points: readonly PointCount[],
): Promise<ServiceCounts | null> {
  const durations = points.filter((point) => point.metric === metric.inferenceDuration);
  const predictions = points.filter((point) => point.metric === metric.inferencePredictions);
  if (durations.length === 0 && predictions.length === 0) return null;
  return {
    ...mergeDurations(durations),
    succeeded: sum(predictions.filter(({ key }) => key === "")),
    failed: countFailures(predictions.filter(({ key }) => key !== "")),
    ...(await readProcess(store, request)),
  };
}

function mergeDurations(points: readonly PointCount[]): Pick<ServiceCounts, "durationBoundaries" | "durationCounts"> {
  const durationBoundaries = commonBoundaries(points.map((point) => point.boundaries));
  const durationCounts = new Array<number>(durationBoundaries.length + 1).fill(0);
  for (const point of points) {
    binUnion(point.boundaries, durationBoundaries)?.forEach((bin, index) => {
      durationCounts[bin] = durationCounts[bin]! + (point.buckets[index] ?? 0);
    });
  }
  return { durationBoundaries, durationCounts };
}

function countFailures(points: readonly PointCount[]): ServiceCounts["failed"] {
  const byType = new Map<string, number>();
  for (const { key, count } of points) byType.set(key, (byType.get(key) ?? 0) + count);
  return [...byType.entries()].map(([type, count]) => ({ type, count })).sort((a, b) => (a.type < b.type ? -1 : 1));
}

function sum(points: readonly PointCount[]): number {
  return points.reduce((total, { count }) => total + count, 0);
}

/** Process points carry no model: they are those of the services and instances that sent points of the model. */
async function readProcess(
  store: Store,
  request: WindowRequest,
): Promise<Pick<ServiceCounts, "cpuSeconds" | "maxMemoryBytes">> {
  const rows = await store.query<{ metric: string; cpuMicroseconds: number; maxBytes: number }>(PROCESS, {
    ...windowParameters(request),
    cpu: metric.processCpuTime,
    memory: metric.processMemoryUsage,
    base: Math.max(0, request.window.startMs - BASE_LOOKBACK_MS),
  });
  const cpu = rows.find((row) => row.metric === metric.processCpuTime);
  const memory = rows.find((row) => row.metric === metric.processMemoryUsage);
  return {
    cpuSeconds: cpu === undefined ? null : cpu.cpuMicroseconds / 1e6,
    maxMemoryBytes: memory === undefined ? null : memory.maxBytes,
  };
}

/** How far before the window the last CPU time of a process is looked for. */
const BASE_LOOKBACK_MS = 40 * 86_400_000;

/** CPU time in whole microseconds, so that the sum is the same in any order. */
const PROCESS = `
  SELECT metric, toFloat64(sum(microseconds)) AS cpuMicroseconds, max(largest) AS maxBytes
  FROM (
    SELECT metric, maxIf(sum, time > ${instant("from")}) AS largest,
      argMaxIf(sum, time, time <= ${instant("from")}) AS before, argMax(sum, time) AS last,
      if(temporality = 'delta', sumIf(toInt64(round(sum * 1e6)), time > ${instant("from")}),
        toInt64(round(last * 1e6)) - if(last < before, 0, toInt64(round(before * 1e6)))) AS microseconds
    FROM metric_point FINAL
    WHERE tenant = {tenant:String} AND model = '' AND version = '' AND role = '' AND metric IN ({cpu:String}, {memory:String})
      AND time > ${instant("base")} AND time <= ${instant("to")}
      AND (service, instance) IN (
        SELECT DISTINCT service, instance FROM metric_point
        WHERE ${KEY_CONDITION} AND time > ${instant("from")} AND time <= ${instant("to")})
    GROUP BY metric, series, start, temporality
    HAVING max(time) > ${instant("from")}
  )
  GROUP BY metric`;
