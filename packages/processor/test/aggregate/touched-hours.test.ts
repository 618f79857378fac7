import assert from "node:assert/strict";
import { test } from "node:test";
import { touchedHours } from "../../src/aggregate/touched-hours.ts";
import { createWriter, type IngestBatch } from "../../src/store/writer.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, point, prediction } from "../records.ts";
import { withStore } from "../temporary-store.ts";

test("what arrives touches the hours of event time that it changes", () =>
  withStore(async ({ store }) => {
    let now = 1_000;
    const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => now });
    const writeAt = (ms: number, batch: Partial<IngestBatch>) => {
      now = ms;
      return writer.write({ predictions: [], outcomes: [], points: [], ...batch });
    };
    const touchedSince = async (ms: number) =>
      (await touchedHours(store, KEY, ms)).map(({ hourMs, receivedMs }) => [
        (hourMs - MONDAY_MS) / HOUR_MS,
        receivedMs,
      ]);
    const counter = { metric: "ml.prediction.labels", key: "late" };

    await writeAt(1_000, {
      predictions: [prediction("a", MONDAY_MS + 1), prediction("b", MONDAY_MS + 5 * HOUR_MS)],
      points: [
        point(MONDAY_MS + HOUR_MS, { ...counter, sum: 1 }),
        point(MONDAY_MS + 9 * HOUR_MS, { ...counter, sum: 9 }),
      ],
    });
    assert.deepEqual(await touchedSince(1_000), [
      [0, 1_000],
      [5, 1_000],
      [8, 1_000],
    ]);
    assert.deepEqual(await touchedSince(1_001), []);

    await writeAt(2_000, {
      outcomes: [outcome("b", MONDAY_MS + 8 * HOUR_MS, { label: "late" }), outcome("orphan", MONDAY_MS)],
    });
    assert.deepEqual(await touchedSince(2_000), [[5, 2_000]]);

    // A late cumulative point takes from the next one's hour what it brings to its own.
    await writeAt(3_000, { points: [point(MONDAY_MS + 4 * HOUR_MS, { ...counter, sum: 4 })] });
    assert.deepEqual(await touchedSince(3_000), [
      [3, 3_000],
      [8, 3_000],
    ]);
  }));
