import { type HrTime, ValueType } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { groupBy } from "../group-by.ts";
import type { EmittedPoint } from "./emitted-point.ts";

/** Points grouped by metric as the SDK's data; counters as cumulative monotonic sums from the start of the process. */
export function toMetricData(points: readonly EmittedPoint[], startedMs: number, nowMs: number): MetricData[] {
  return [...groupBy(points, (point) => point.metric.name).values()].map((group) => {
    const { metric } = group[0]!;
    const base = {
      descriptor: {
        name: metric.name,
        description: metric.meaning,
        unit: metric.unit,
        valueType: ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: group.map(({ attributes, value }) => ({
        startTime: hrTime(startedMs),
        endTime: hrTime(nowMs),
        attributes,
        value,
      })),
    };
    return metric.instrument === "gauge"
      ? { ...base, dataPointType: DataPointType.GAUGE }
      : { ...base, dataPointType: DataPointType.SUM, isMonotonic: metric.instrument === "counter" };
  });
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
