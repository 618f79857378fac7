import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricPoint, PredictionRecord } from "@tidemark/schema";
import { createEventTimes } from "../../src/pipeline/event-times.ts";

const DAY_MS = 86_400_000;
const key = { tenant: "default", model: "m", version: "1", role: "champion" as const };

function predictionAt(timeMs: number, version = "1"): PredictionRecord {
  return { ...key, version, timeUnixNano: BigInt(timeMs) * 1_000_000n } as PredictionRecord;
}

function pointAt(timeMs: number): MetricPoint {
  return { ...key, timeUnixNano: BigInt(timeMs) * 1_000_000n } as unknown as MetricPoint;
}

test("each version knows its first and last event time and its days", () => {
  const times = createEventTimes();
  times.see([predictionAt(2 * DAY_MS + 5), predictionAt(1), predictionAt(DAY_MS, "2")], []);
  assert.deepEqual(times.list(), [
    { key, firstMs: 1, lastMs: 2 * DAY_MS + 5, days: [0, 2] },
    { key: { ...key, version: "2" }, firstMs: DAY_MS, lastMs: DAY_MS, days: [1] },
  ]);
});

test("a point at midnight belongs to the day that ends there", () => {
  const times = createEventTimes();
  times.see([], [pointAt(DAY_MS), { ...pointAt(5 * DAY_MS), model: "" }]);
  assert.deepEqual(times.list(), [{ key, firstMs: DAY_MS - 1, lastMs: DAY_MS - 1, days: [0] }]);
});

test("what was stored before the start counts as seen", () => {
  const times = createEventTimes();
  times.restore([{ key, firstMs: 1, lastMs: 3 * DAY_MS, days: [0, 3] }]);
  times.see([predictionAt(DAY_MS)], []);
  assert.deepEqual(times.list(), [{ key, firstMs: 1, lastMs: 3 * DAY_MS, days: [0, 1, 3] }]);
});
