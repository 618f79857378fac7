import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredEstimate } from "../../src/evaluate/estimate-windows.ts";
import { removeOld } from "../../src/store/retention.ts";
import { neededMs, retentionCut } from "../../src/store/retention-cut.ts";
import { readWindowEstimates, saveWindowEstimates } from "../../src/store/window-estimates.ts";
import { createWriter } from "../../src/store/writer.ts";
import { KEY, MONDAY_MS, outcome, prediction } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testStores, withStore } from "../temporary-store.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

testStores(
  "whole weeks go when they are old both by arrival and by event time; the others are untouched",
  async ({ store }) => {
    let nowMs = 0;
    const writer = createWriter(store, { maxQueuedBytes: 1e7, now: () => nowMs });
    const write = async (id: string, eventMs: number, receivedMs: number) => {
      nowMs = receivedMs;
      const outcomes = [outcome(`${id}`, eventMs + DAY_MS)];
      const written = writer.write({ predictions: [prediction(id, eventMs)], outcomes, points: [] });
      await writer.flush();
      await written;
    };
    const later = MONDAY_MS + 10 * WEEK_MS;
    await write("old", MONDAY_MS, MONDAY_MS);
    await write("old event, came late", MONDAY_MS + WEEK_MS, later);
    await write("new event", later, MONDAY_MS);
    const removed = await removeOld(store, { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS + 5 * WEEK_MS });
    assert.deepEqual(removed.rows, { prediction: 1, outcome: 1 });
    const left = async (table: string) =>
      (await store.query<{ id: string }>(`SELECT id FROM ${table} FINAL ORDER BY id`)).map(({ id }) => id);
    assert.deepEqual(await left("prediction"), ["new event", "old event, came late"]);
    assert.deepEqual(await left("outcome"), ["new event", "old event, came late"]);
    assert.deepEqual(
      (await removeOld(store, { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS + 5 * WEEK_MS })).rows,
      {},
    );
  },
);

test("old estimates go, but for those that a window made again is weighed by", () =>
  withStore(async ({ store }) => {
    const of = { key: KEY, windowName: "24h", profileId: "sha256:p" };
    const estimates = (days: number) =>
      Array.from({ length: days }, (_, day) => ({ startMs: MONDAY_MS + day * DAY_MS }) as StoredEstimate);
    await saveWindowEstimates(store, of, estimates(150), MONDAY_MS);
    await saveWindowEstimates(store, { ...of, windowName: "7d" }, estimates(100), MONDAY_MS);
    const cut = { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS + 140 * DAY_MS };
    assert.deepEqual((await removeOld(store, { ...cut, receivedMs: MONDAY_MS - 1 })).rows, {}, "they came only now");
    assert.deepEqual((await removeOld(store, cut)).rows, { window_estimate: 12 });
    const left = await readWindowEstimates(store, of, Number.MAX_SAFE_INTEGER);
    assert.equal(left.length, 128);
    const fromCut = await readWindowEstimates(store, of, cut.eventMs);
    assert.deepEqual(
      fromCut.map(({ startMs }) => startMs),
      estimates(150)
        .slice(12)
        .map(({ startMs }) => startMs),
    );
    assert.equal((await readWindowEstimates(store, { ...of, windowName: "7d" }, Number.MAX_SAFE_INTEGER)).length, 100);
    assert.deepEqual((await removeOld(store, cut)).rows, {});
  }));

test("what an open window may still read is kept, whatever the retention says", () => {
  const config = testConfig({ clock: { mode: "live" }, store: { retention: "1d" } });
  const needed = neededMs(config);
  // A record may come 40 days late, an outcome 40 days after its prediction; windows of a day are compared with four weeks.
  assert.ok(needed >= (40 + 40 + 28 + 1) * DAY_MS, `${needed / DAY_MS} days`);
  const nowMs = MONDAY_MS;
  const f = (judgedMs: number[], wantMs: number) =>
    assert.equal(retentionCut(config, nowMs, judgedMs)!.eventMs, wantMs);
  f([nowMs], nowMs - needed);
  f([], nowMs - needed);
  f([nowMs, nowMs - 30 * DAY_MS], nowMs - 30 * DAY_MS - needed);
  f([Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY);
  const long = testConfig({ clock: { mode: "live" }, store: { retention: "400d" } });
  assert.deepEqual(retentionCut(long, nowMs, [nowMs]), {
    receivedMs: nowMs - 400 * DAY_MS,
    eventMs: nowMs - 400 * DAY_MS,
  });
  assert.equal(retentionCut(testConfig(), nowMs, [nowMs]), null, "a replay removes nothing");
});
