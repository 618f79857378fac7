import assert from "node:assert/strict";
import { test } from "node:test";
import { touchedSpans } from "../../src/aggregate/touched-spans.ts";
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
      (await touchedSpans(store, KEY, ms, HOUR_MS)).map(({ startMs, receivedMs }) => [
        (startMs - MONDAY_MS) / HOUR_MS,
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
    const quarters = await touchedSpans(store, KEY, 1_000, HOUR_MS / 4);
    assert.deepEqual(
      quarters.map(({ startMs }) => (startMs - MONDAY_MS) / HOUR_MS),
      [0, 0.75, 5, 8.75],
      "points belong to the span that they end",
    );

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

test("a point that comes days late touches its next one's hour, beside points that come in time", () =>
  withStore(async ({ store }) => {
    let now = 1_000;
    const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => now });
    const sends = (instance: string, hours: readonly number[]) => {
      const points = hours.map((hour) =>
        point(MONDAY_MS + hour * HOUR_MS, { metric: "ml.prediction.labels", key: "late", instance, sum: hour }),
      );
      return writer.write({ predictions: [], outcomes: [], points });
    };
    await sends("a", [1, 60]);
    await sends("b", [1, 100]);
    now = 2_000;
    await sends("a", [50]);
    await sends("b", [99, 101]);
    assert.deepEqual(
      (await touchedSpans(store, KEY, 2_000, HOUR_MS)).map(({ startMs }) => (startMs - MONDAY_MS) / HOUR_MS),
      [49, 59, 98, 99, 100],
    );
  }));

test("the hours that outcomes touch are the same however many outcomes are joined at once", () =>
  withStore(async ({ store }) => {
    let now = 1_000;
    const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => now });
    const ids = Array.from({ length: 40 }, (_, hour) => `id-${hour}`);
    await writer.write({
      predictions: ids.map((id, hour) => prediction(id, MONDAY_MS + hour * HOUR_MS)),
      outcomes: [],
      points: [],
    });
    for (const arrival of [2_000, 3_000]) {
      now = arrival;
      const told = ids.filter((_id, hour) => hour % 2 === 0 && (arrival === 2_000 || hour < 20));
      await writer.write({
        predictions: [],
        outcomes: told.map((id) => outcome(id, MONDAY_MS + 50 * HOUR_MS, { label: `at ${arrival}` })),
        points: [],
      });
    }
    const want = Array.from({ length: 20 }, (_, k) => [2 * k, k < 10 ? 3_000 : 2_000]);
    for (const outcomesAtOnce of [1_000, 7, 1]) {
      const touched = await touchedSpans(store, KEY, 2_000, HOUR_MS, outcomesAtOnce);
      assert.deepEqual(
        touched.map(({ startMs, receivedMs }) => [(startMs - MONDAY_MS) / HOUR_MS, receivedMs]),
        want,
        `${outcomesAtOnce} at once`,
      );
    }
  }));
