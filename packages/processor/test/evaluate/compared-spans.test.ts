import assert from "node:assert/strict";
import { test } from "node:test";
import { weeksBefore } from "../../src/aggregate/wall-clock.ts";
import { comparedSpans } from "../../src/evaluate/compared-spans.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

test("every window that is compared with an hour lies in its spans, through both changes of summer time", () => {
  for (const timeZone of ["Europe/Berlin", "Australia/Lord_Howe", undefined]) {
    for (let windowMs = Date.UTC(2026, 2, 20); windowMs < Date.UTC(2026, 11, 1); windowMs += 5 * HOUR_MS) {
      for (const lengthMs of [HOUR_MS, 24 * HOUR_MS]) {
        for (const week of [1, 4]) {
          const earlierMs = weeksBefore(windowMs, week, timeZone);
          // The first and the last hour of the earlier window that a record may have touched.
          for (const touchedMs of [earlierMs, earlierMs + lengthMs - 1]) {
            const hourMs = Math.floor(touchedMs / HOUR_MS) * HOUR_MS;
            const isFound = comparedSpans({ startMs: hourMs, spanMs: HOUR_MS }, timeZone).some(
              ({ fromMs, toMs }) => fromMs < windowMs + lengthMs && toMs > windowMs,
            );
            assert.ok(isFound, `${timeZone} ${new Date(windowMs).toISOString()} ${lengthMs} ${week}`);
          }
        }
      }
    }
  }
});

test("without a zone a record touches its own hour and the same of four weeks after", () => {
  assert.deepEqual(
    comparedSpans({ startMs: 0, spanMs: HOUR_MS }, undefined),
    [0, 1, 2, 3, 4].map((week) => ({ fromMs: week * WEEK_MS, toMs: week * WEEK_MS + HOUR_MS })),
  );
});
