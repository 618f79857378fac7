import assert from "node:assert/strict";
import { test } from "node:test";
import { watermarkOf } from "../../src/evaluate/watermark.ts";

const MINUTE_MS = 60_000;
const live = { mode: "live", allowedLatenessMs: 5 * MINUTE_MS } as const;
const replay = { ...live, mode: "replay" } as const;
const now = Date.UTC(2026, 0, 1);

test("the watermark trails the newest event by the allowed lateness", () => {
  assert.equal(watermarkOf(live, now, now, false), now - 5 * MINUTE_MS);
  assert.equal(watermarkOf(replay, 0, now, false), -5 * MINUTE_MS);
});

test("live, silence moves the watermark on behind the clock", () => {
  assert.equal(watermarkOf(live, now - 60 * MINUTE_MS, now, false), now - 10 * MINUTE_MS);
});

test("a replay knows no clock and closes all at its end", () => {
  assert.equal(watermarkOf(replay, 1000, now, true), Number.POSITIVE_INFINITY);
  assert.equal(watermarkOf(live, now, now, true), now - 5 * MINUTE_MS);
});
