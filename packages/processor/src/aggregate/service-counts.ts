import { metric } from "@tidemark/semconv";
import type { ServiceCounts } from "@tidemark/signals";
import type { Store } from "../store/store.ts";
import { sumHistograms } from "./merge-bins.ts";
import type { PointCount } from "./point-counts.ts";
import { readProcessCounts } from "./process-counts.ts";
import type { WindowRequest } from "./window-request.ts";

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
    ...(await readProcessCounts(store, request)),
  };
}

function mergeDurations(points: readonly PointCount[]): Pick<ServiceCounts, "durationBoundaries" | "durationCounts"> {
  const sum = sumHistograms(points.map(({ boundaries, buckets }) => ({ boundaries, counts: buckets })));
  return { durationBoundaries: sum.boundaries, durationCounts: sum.counts };
}

function countFailures(points: readonly PointCount[]): ServiceCounts["failed"] {
  const byType = new Map<string, number>();
  for (const { key, count } of points) byType.set(key, (byType.get(key) ?? 0) + count);
  return [...byType.entries()].map(([type, count]) => ({ type, count })).sort((a, b) => (a.type < b.type ? -1 : 1));
}

function sum(points: readonly PointCount[]): number {
  return points.reduce((total, { count }) => total + count, 0);
}
