import assert from "node:assert/strict";
import { test } from "node:test";
import { AggregationTemporality, DataPointType } from "@opentelemetry/sdk-metrics";
import { metrics } from "@tidemark/semconv";
import { toMetricData } from "../../src/emit/metric-data.ts";

test("gauges are gauges, counters cumulative monotonic sums, up-down counters sums that may fall", () => {
  const data = toMetricData(
    [
      { metric: metrics.driftSeverity, attributes: { "ml.feature.name": "distance" }, value: 0.5 },
      { metric: metrics.ingestRecords, attributes: {}, value: 3 },
      { metric: metrics.monitorStatus, attributes: {}, value: 1 },
      { metric: metrics.driftSeverity, attributes: { "ml.feature.name": "origin" }, value: 2 },
    ],
    1_500,
    2_250,
  );
  assert.deepEqual(
    data.map(({ descriptor, dataPointType, dataPoints }) => [descriptor.name, dataPointType, dataPoints.length]),
    [
      ["ml.drift.severity", DataPointType.GAUGE, 2],
      ["tidemark.ingest.records", DataPointType.SUM, 1],
      ["ml.monitor.status", DataPointType.SUM, 1],
    ],
  );
  const [, counter, status] = data;
  assert.ok(counter?.dataPointType === DataPointType.SUM && counter.isMonotonic);
  assert.ok(status?.dataPointType === DataPointType.SUM && !status.isMonotonic);
  assert.equal(counter.aggregationTemporality, AggregationTemporality.CUMULATIVE);
  assert.deepEqual(counter.dataPoints[0]!.startTime, [1, 500_000_000]);
  assert.deepEqual(counter.dataPoints[0]!.endTime, [2, 250_000_000]);
});
