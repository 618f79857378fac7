import assert from "node:assert/strict";
import { test } from "node:test";
import { isSeldom, SILENCE_WEEKS, type SilenceLines, silenceLines } from "@tidemark/signals";
import { createRandom, drawNormal } from "../support/random.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const WEEKS = 8;

/** Records by day, from six to twenty-two o'clock; the rate of an hour by its number since the start. */
function drawDays(seed: number, days: number, rateOf: (hour: number, random: () => number) => number): number[] {
  const random = createRandom(seed);
  const times: number[] = [];
  for (let hour = 0; hour < days * 24; hour++) {
    if (hour % 24 < 6 || hour % 24 >= 22) continue;
    const rate = rateOf(hour, random);
    for (let at = 0; ; ) {
      at += (-Math.log(1 - random()) / rate) * HOUR_MS;
      if (at >= HOUR_MS) break;
      times.push(hour * HOUR_MS + at);
    }
  }
  return times;
}

/** When the minutes with records came in each earlier week, from the instant of the newest record on. */
function weeksBefore(times: readonly number[], newestMs: number): number[][] {
  return Array.from({ length: SILENCE_WEEKS }, (_, index) => newestMs - (index + 1) * WEEK_MS)
    .filter((fromMs) => fromMs >= times[0]!)
    .map((fromMs) => minutesAfter(times, fromMs));
}

function minutesAfter(times: readonly number[], fromMs: number): number[] {
  const minutes: number[] = [];
  let minute = -1;
  for (let index = firstAfter(times, fromMs); index < times.length && minutes.length < 20; index++) {
    const at = times[index]!;
    if (at > fromMs + WEEK_MS) break;
    if (Math.floor(at / MINUTE_MS) !== minute) minutes.push(at - fromMs);
    minute = Math.floor(at / MINUTE_MS);
  }
  return minutes;
}

function firstAfter(times: readonly number[], fromMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function linesAt(times: readonly number[], newestMs: number, longestMs: number | null = null): SilenceLines {
  const lines = silenceLines(weeksBefore(times, newestMs), longestMs);
  assert.ok(lines !== null);
  return lines;
}

const steady = drawDays(1, WEEKS * 7 + 1, () => 120);
const today = WEEKS * WEEK_MS;
/** The last record before a time of the last day. */
const lastBefore = (timeMs: number) => steady.findLast((at) => at < timeMs)!;

test("a night that is always silent is none by its own length, and one that is not over by morning is", () => {
  const newestMs = lastBefore(today - 2 * HOUR_MS);
  const { warningMs, criticalMs } = linesAt(steady, newestMs);
  const morningMs = today + 6 * HOUR_MS - newestMs;
  assert.ok(warningMs > morningMs + 8 * MINUTE_MS && warningMs < morningMs + 25 * MINUTE_MS, `${warningMs}`);
  assert.ok(criticalMs > morningMs + 18 * MINUTE_MS && criticalMs < morningMs + 45 * MINUTE_MS, `${criticalMs}`);
});

test("the same silence by day is worth a warning within minutes, and one that began before the night within it", () => {
  const byDay = linesAt(steady, lastBefore(today + 12 * HOUR_MS));
  assert.ok(byDay.warningMs < 25 * MINUTE_MS && byDay.criticalMs < 45 * MINUTE_MS, JSON.stringify(byDay));
  const evening = linesAt(steady, lastBefore(today - 3 * HOUR_MS));
  assert.ok(evening.criticalMs < HOUR_MS);
  const late = linesAt(steady, lastBefore(today - 2 * HOUR_MS - 15 * MINUTE_MS));
  assert.ok(late.criticalMs > 8 * HOUR_MS && late.criticalMs < 9 * HOUR_MS, "the rest comes in the morning");
});

test("two weeks say nothing, three do", () => {
  const week = Array.from({ length: 20 }, (_, index) => (index + 1) * MINUTE_MS);
  assert.equal(silenceLines([week, week], null), null);
  assert.deepEqual(silenceLines([week, week, week], null), { warningMs: 10 * MINUTE_MS, criticalMs: 20 * MINUTE_MS });
});

test("an outage in one of five weeks counts for nothing, and in one of four it does", () => {
  const week = Array.from({ length: 20 }, (_, index) => (index + 1) * MINUTE_MS);
  assert.equal(silenceLines([week, week, [], week, week], null)!.criticalMs, 20 * MINUTE_MS);
  assert.equal(silenceLines([week, week, [], week], null)!.criticalMs, WEEK_MS);
});

test("a job that runs once a day is held against its usual pause, and a silent weekend against itself", () => {
  const daily = Array.from({ length: 20 }, (_, index) => (index + 1) * DAY_MS).filter((at) => at <= WEEK_MS);
  const weeks = [daily, daily, daily];
  assert.ok(isSeldom(weeks));
  assert.deepEqual(silenceLines(weeks, DAY_MS), { warningMs: 1.25 * DAY_MS, criticalMs: 2 * DAY_MS });
  assert.deepEqual(silenceLines(weeks, null), { warningMs: WEEK_MS, criticalMs: WEEK_MS });
  const monday = Array.from({ length: 20 }, (_, index) => 62 * HOUR_MS + index * MINUTE_MS);
  const weekend = silenceLines([monday, monday, monday], 62 * HOUR_MS)!;
  assert.deepEqual(weekend, { warningMs: 62 * HOUR_MS + 9 * MINUTE_MS, criticalMs: 62 * HOUR_MS + 19 * MINUTE_MS });
});

/** Silences beyond the lines in the last eight of sixteen weeks, and all that were looked at. */
function falseAlarms(times: readonly number[]): { silences: number; warnings: number; criticals: number } {
  const found = { silences: 0, warnings: 0, criticals: 0 };
  for (let index = firstAfter(times, 8 * WEEK_MS); index + 1 < times.length; index++) {
    const silentMs = times[index + 1]! - times[index]!;
    if (silentMs < 5 * MINUTE_MS) continue;
    const { warningMs, criticalMs } = linesAt(times, times[index]!);
    found.silences += 1;
    if (silentMs > warningMs) found.warnings += 1;
    if (silentMs > criticalMs) found.criticals += 1;
  }
  return found;
}

const DAYS = 16 * 7;
const perHour = (rate: number) => () => rate;
/** The rate of each hour is log-normal about the mean: some hours have five times as many as others. */
const uneven = (rate: number) => (_hour: number, random: () => number) =>
  rate * Math.exp(0.8 * drawNormal(random) - 0.32);

for (const [what, rateOf] of [
  ["twelve records an hour", perHour(12)],
  ["sixty records an hour", perHour(60)],
  ["three records an hour", perHour(3)],
  ["twelve records an hour in uneven hours", uneven(12)],
  ["sixty records an hour in uneven hours", uneven(60)],
] as const) {
  test(`over eight weeks nothing is critical of ${what} that go on as ever`, () => {
    const { silences, warnings, criticals } = falseAlarms(drawDays(7, DAYS, rateOf));
    assert.ok(silences > 50, `${silences}`);
    assert.equal(criticals, 0);
    assert.ok(warnings <= silences / 100, `${warnings} of ${silences}`);
  });
}
