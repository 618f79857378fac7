import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig, scheduleTimes } from "../src/index.ts";

const withSchedule = (schedule: unknown) => parseConfig({ models: [{ name: "m", profile: "p.json", schedule }] });

test("a schedule is a name or a pattern in UTC, or has a time zone", () => {
  const rows: [unknown, unknown][] = [
    ["daily", { cron: "daily", timeZone: "UTC" }],
    ["30 6 * * 1-5", { cron: "30 6 * * 1-5", timeZone: "UTC" }],
    [{ cron: "weekly" }, { cron: "weekly", timeZone: "UTC" }],
    [
      { cron: "0 6 L * *", timeZone: "Asia/Kolkata" },
      { cron: "0 6 L * *", timeZone: "Asia/Kolkata" },
    ],
    [undefined, undefined],
  ];
  for (const [value, want] of rows) {
    const result = withSchedule(value);
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(result.config.models[0]?.schedule, want);
  }
});

test("a wrong schedule is refused with the field, what is wrong and what was found", () => {
  const path = "models[0].schedule";
  const rows: [unknown, string, RegExp][] = [
    ["dialy", path, /perhaps daily; found "dialy"/],
    ["0 25 * * *", path, /five cron fields.*hour: 25; found "0 25 \* \* \*"/],
    ["0 0 0 * * *", path, /five cron fields.*has 6 parts/],
    ["0 0 30 2 *", path, /some day matches/],
    ["", path, /five cron fields/],
    [{ cron: "daily", timeZone: "Europe/Berln" }, `${path}.timeZone`, /perhaps Europe\/Berlin; found "Europe\/Berln"/],
    [{ cron: "daily", timeZone: "berlin" }, `${path}.timeZone`, /perhaps Europe\/Berlin; found "berlin"/],
    [{ cron: "hurly", timeZone: "UTC" }, `${path}.cron`, /perhaps hourly/],
    [{ timeZone: "UTC" }, path, /expected hourly, daily.*timeZone/],
    [{ cron: "daily", zone: "UTC" }, `${path}.zone`, /unknown key "zone"; valid here: cron, timeZone/],
    [5, path, /expected hourly, daily.*found 5/],
  ];
  for (const [value, where, message] of rows) {
    const result = withSchedule(value);
    assert.ok(!result.ok, JSON.stringify(value));
    assert.equal(result.problems[0]?.path, where);
    assert.match(result.problems[0]?.message ?? "", message);
  }
});

const iso = (timeMs: number | null) => (timeMs === null ? null : new Date(timeMs).toISOString().slice(0, 16));

function runs(cron: string, timeZone: string, from: string, count: number): (string | null)[] {
  const times = scheduleTimes({ cron, timeZone });
  const found: (number | null)[] = [];
  for (let at: number | null = Date.parse(from); found.length < count && at !== null; ) {
    at = times.nextAfter(at);
    found.push(at);
  }
  return found.map(iso);
}

test("a time that clocks leave out runs after the gap, one that comes twice runs once, every hour runs every hour", () => {
  const rows: [string, string, string, string[]][] = [
    ["30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", ["2026-03-29T01:00", "2026-03-30T00:30"]],
    ["30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", ["2026-10-25T00:30", "2026-10-26T01:30"]],
    ["30 2,14 * * *", "Europe/Berlin", "2026-10-24T13:00Z", ["2026-10-25T00:30", "2026-10-25T13:30"]],
    ["hourly", "Europe/Berlin", "2026-10-24T23:30Z", ["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"]],
    ["hourly", "Europe/Berlin", "2026-03-28T23:30Z", ["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"]],
    // Half an hour of daylight saving.
    ["15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", ["2026-10-03T15:30", "2026-10-04T15:15"]],
    ["daily", "UTC", "2026-10-24T00:00Z", ["2026-10-25T00:00", "2026-10-26T00:00"]],
    ["weekly", "America/New_York", "2026-10-30T00:00Z", ["2026-11-02T05:00", "2026-11-09T05:00"]],
  ];
  for (const [cron, timeZone, from, want] of rows) {
    assert.deepEqual(runs(cron, timeZone, from, want.length), want, `${cron} ${timeZone}`);
  }
});

test("the last instant is at or before a time, to the millisecond, and instants between are counted up to a limit", () => {
  const daily = scheduleTimes({ cron: "daily", timeZone: "UTC" });
  const midnightMs = Date.UTC(2026, 9, 25);
  assert.equal(iso(daily.lastAt(midnightMs)), "2026-10-25T00:00");
  assert.equal(iso(daily.lastAt(midnightMs - 1)), "2026-10-24T00:00");
  assert.equal(iso(daily.lastAt(midnightMs + 1)), "2026-10-25T00:00");
  assert.equal(daily.countBetween(midnightMs, midnightMs + 86_400_000), 0);
  assert.equal(daily.countBetween(midnightMs, midnightMs + 3 * 86_400_000 + 1), 3);
  const minutes = scheduleTimes({ cron: "* * * * *", timeZone: "UTC" });
  assert.equal(minutes.countBetween(midnightMs, midnightMs + 365 * 86_400_000), 1_000);
});
