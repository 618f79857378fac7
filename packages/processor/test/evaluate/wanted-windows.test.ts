import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SILENT_WINDOWS, wantedWindows } from "../../src/evaluate/wanted-windows.ts";
import type { KeyTimes } from "../../src/pipeline/event-times.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MONDAY_MS = Date.UTC(2001, 1, 5);
const END = Number.POSITIVE_INFINITY;

function timesAt(...atMs: readonly number[]): KeyTimes {
  const days = [...new Set(atMs.map((timeMs) => Math.floor(timeMs / DAY_MS)))].sort((a, b) => a - b);
  const key = { tenant: "default", model: "m", version: "1", role: "champion" as const };
  return { key, firstMs: Math.min(...atMs), lastMs: Math.max(...atMs), days };
}

function startsOf(request: Partial<Parameters<typeof wantedWindows>[0]> & { readonly times: KeyTimes }): number[] {
  const all = { name: "1h", watermarkMs: END, followsClock: false, ...request };
  return wantedWindows(all).map((window) => (window.startMs - MONDAY_MS) / HOUR_MS);
}

test("windows run from the first data to the last, empty ones between included", () => {
  assert.deepEqual(startsOf({ times: timesAt(MONDAY_MS + 90 * 60_000, MONDAY_MS + 4 * HOUR_MS) }), [1, 2, 3, 4]);
});

test("a window waits until the watermark has passed its end", () => {
  const times = timesAt(MONDAY_MS, MONDAY_MS + 3 * HOUR_MS);
  assert.deepEqual(startsOf({ times, watermarkMs: MONDAY_MS + 2 * HOUR_MS }), [0, 1]);
  assert.deepEqual(startsOf({ times, watermarkMs: MONDAY_MS + 2 * HOUR_MS - 1 }), [0]);
});

test("live, silence after the last data is judged as far as the clock goes", () => {
  const request = { times: timesAt(MONDAY_MS), watermarkMs: MONDAY_MS + 5 * HOUR_MS };
  assert.deepEqual(startsOf({ ...request, followsClock: true }), [0, 1, 2, 3, 4]);
  assert.deepEqual(startsOf(request), [0]);
});

test("long silence is judged for a bounded number of windows, and data after it again", () => {
  const yearsLater = MONDAY_MS + 3650 * DAY_MS;
  const starts = startsOf({ times: timesAt(MONDAY_MS, yearsLater) });
  assert.ok(starts.length <= MAX_SILENT_WINDOWS + 48, String(starts.length));
  assert.equal(starts[0], 0);
  assert.equal(starts.at(-1), 3650 * 24);
  assert.equal(new Set(starts).size, starts.length);
});

test("days that share a window give it once", () => {
  const times = timesAt(MONDAY_MS, MONDAY_MS + 2 * DAY_MS, MONDAY_MS + 8 * DAY_MS);
  assert.deepEqual(startsOf({ name: "7d", times }), [0, 7 * 24]);
});
