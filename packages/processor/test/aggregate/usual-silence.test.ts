import assert from "node:assert/strict";
import { readUsualSilence } from "../../src/aggregate/usual-silence.ts";
import type { IngestBatch } from "../../src/store/writer.ts";
import { createWriter } from "../../src/store/writer.ts";
import { HOUR_MS, KEY, MONDAY_MS, point, prediction } from "../records.ts";
import { type TemporaryStore, testStores } from "../temporary-store.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Monday midnight after four weeks. */
const NOW_MS = MONDAY_MS + 4 * WEEK_MS;
const { tenant, model } = KEY;

/** Writes a batch as if it had arrived at a time. */
async function arriveAt({ store }: TemporaryStore, ms: number, batch: Partial<IngestBatch>): Promise<void> {
  const writer = createWriter(store, { maxQueuedBytes: 64e6, now: () => ms });
  await writer.write({ predictions: [], outcomes: [], points: [], ...batch });
  await writer.flush();
}

/** A record a minute of an hour, sent every ten minutes, so late. */
async function writeHour(temporary: TemporaryStore, fromMs: number, lateMs = 0): Promise<void> {
  for (let atMs = fromMs; atMs < fromMs + HOUR_MS; atMs += 10 * MINUTE_MS) {
    const predictions = Array.from({ length: 10 }, (_, index) =>
      prediction(`${atMs}-${index}`, atMs + index * MINUTE_MS),
    );
    await arriveAt(temporary, atMs + 10 * MINUTE_MS + lateMs, { predictions });
  }
}

testStores("a night is as long as it was in the weeks before, and an evening's silence is not", async (temporary) => {
  for (let week = 0; week <= 4; week++) {
    const midnightMs = MONDAY_MS + week * WEEK_MS;
    if (week > 0) await writeHour(temporary, midnightMs - 3 * HOUR_MS);
    if (week < 4) await writeHour(temporary, midnightMs + 6 * HOUR_MS);
  }
  const usual = (newestMs: number) => readUsualSilence(temporary.store, { tenant, model, newestMs }, undefined);
  // From 22:00 to what arrived at 6:10 and 6:20.
  const night = await usual(NOW_MS - 2 * HOUR_MS);
  assert.deepEqual(night, {
    weeks: 3,
    lines: { warningMs: 8 * HOUR_MS + 10 * MINUTE_MS, criticalMs: 8 * HOUR_MS + 20 * MINUTE_MS },
  });
  const evening = await usual(NOW_MS - 3 * HOUR_MS + 20 * MINUTE_MS);
  assert.deepEqual(evening.lines, { warningMs: 20 * MINUTE_MS, criticalMs: 30 * MINUTE_MS });
  assert.deepEqual(await usual(NOW_MS - WEEK_MS - 2 * HOUR_MS), { weeks: 2, lines: null });
  assert.deepEqual(await readUsualSilence(temporary.store, { tenant, model: "other", newestMs: NOW_MS }, undefined), {
    weeks: 0,
    lines: null,
  });
});

testStores(
  "what is always sent an hour late is not missed before, and weeks that were loaded afterwards are not known",
  async (temporary) => {
    for (let week = 0; week < 4; week++) await writeHour(temporary, MONDAY_MS + week * WEEK_MS + 6 * HOUR_MS, HOUR_MS);
    const { lines } = await readUsualSilence(
      temporary.store,
      {
        tenant,
        model,
        newestMs: NOW_MS + 6 * HOUR_MS + 9 * MINUTE_MS,
      },
      undefined,
    );
    assert.deepEqual(lines, { warningMs: 71 * MINUTE_MS, criticalMs: 81 * MINUTE_MS });
    const loaded = Array.from({ length: 2_000 }, (_, index) =>
      prediction(`${index}`, MONDAY_MS + index * 20 * MINUTE_MS, { model: "loaded" }),
    );
    await arriveAt(temporary, NOW_MS, { predictions: loaded });
    assert.equal(
      (await readUsualSilence(temporary.store, { tenant, model: "loaded", newestMs: NOW_MS }, undefined)).weeks,
      0,
    );
  },
);

testStores(
  "a job that runs once a day, by whichever version, may be a quarter of a day late, and an outage is not usual",
  async (temporary) => {
    for (let day = 0; day < 28; day++) {
      if (day === 10) continue;
      const atMs = MONDAY_MS + day * DAY_MS;
      await arriveAt(temporary, atMs, { predictions: [prediction("a", atMs, { version: String(day) })] });
    }
    const newestMs = MONDAY_MS + 27 * DAY_MS;
    const usual = await readUsualSilence(temporary.store, { tenant, model, newestMs }, undefined);
    assert.deepEqual(usual, { weeks: 3, lines: { warningMs: 30 * HOUR_MS, criticalMs: 48 * HOUR_MS } });
  },
);

testStores("points count where a service sends no records", async (temporary) => {
  for (let week = 0; week < 3; week++) {
    const fromMs = MONDAY_MS + week * WEEK_MS;
    const points = Array.from({ length: 21 }, (_, index) =>
      point(fromMs + (index + 1) * MINUTE_MS, { metric: "ml.inference.predictions" }),
    );
    await arriveAt(temporary, fromMs, { points: points.slice(0, 1) });
    await arriveAt(temporary, fromMs + 15 * MINUTE_MS, { points: points.slice(1, 15) });
    await arriveAt(temporary, fromMs + 30 * MINUTE_MS, { points: points.slice(15) });
  }
  const { lines } = await readUsualSilence(
    temporary.store,
    {
      tenant,
      model,
      newestMs: MONDAY_MS + 3 * WEEK_MS + MINUTE_MS,
    },
    undefined,
  );
  assert.deepEqual(lines, { warningMs: 14 * MINUTE_MS, criticalMs: 29 * MINUTE_MS });
});

testStores("a night that keeps to the wall clock is as long after summer time has ended", async (temporary) => {
  // Berlin's clocks went back on 28 October 2001, a Sunday; 22:00 and 6:00 there.
  const offsets = [2, 2, 2, 1];
  const tuesday = (week: number) => Date.UTC(2001, 9, 9) + week * WEEK_MS - offsets[week]! * HOUR_MS;
  for (const week of [0, 1, 2, 3]) {
    await writeHour(temporary, tuesday(week) - 3 * HOUR_MS);
    if (week < 3) await writeHour(temporary, tuesday(week) + 6 * HOUR_MS);
  }
  const linesIn = async (timeZone: string | undefined) => {
    const record = { tenant, model, newestMs: tuesday(3) - 2 * HOUR_MS };
    return (await readUsualSilence(temporary.store, record, timeZone)).lines;
  };
  const eightHours = { warningMs: 8 * HOUR_MS + 10 * MINUTE_MS, criticalMs: 8 * HOUR_MS + 20 * MINUTE_MS };
  assert.deepEqual(await linesIn("Europe/Berlin"), eightHours);
  assert.deepEqual(await linesIn(undefined), {
    warningMs: eightHours.warningMs - HOUR_MS,
    criticalMs: eightHours.criticalMs - HOUR_MS,
  });
});
