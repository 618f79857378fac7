import assert from "node:assert/strict";
import { test } from "node:test";
import { slotOfHours, slotSql } from "../../src/aggregate/season-slot.ts";
import { hourOfWeekSql, hoursOfWeek, weeksBefore, zoneOffset } from "../../src/aggregate/wall-clock.ts";
import { withStore } from "../temporary-store.ts";

const HOUR_MS = 3_600_000;
const FIRST_HOUR = Date.UTC(2025, 0, 1) / HOUR_MS;
/** Of two years, by a step that meets every hour of the day, also when summer time changes in either half of the earth. */
const HOURS = Array.from({ length: 2_500 }, (_, index) => FIRST_HOUR + index * 7);
/** Every hour of the week is a slot of its own. */
const SEASON = { slotOfHour: Array.from({ length: 168 }, (_, hour) => hour), slotCount: 168 };

test("the engine and the process agree on the wall clock, in summer and winter and where it is half an hour off", () =>
  withStore(async ({ store }) => {
    for (const timeZone of ["Europe/Berlin", "america/new_york", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]) {
      const calendar = { season: SEASON, timeZone };
      const rows = await store.query<{ slot: number }>(
        `SELECT toUInt16(${slotSql(calendar, "hour")}) AS slot FROM (SELECT arrayJoin([${HOURS.join()}]) AS hour) ORDER BY hour`,
        {},
      );
      assert.deepEqual(
        rows.map(({ slot }) => slot),
        HOURS.map(slotOfHours(calendar)),
        timeZone,
      );
    }
  }));

test("Monday's nine o'clock is one slot in winter and in summer", () => {
  const slotAt = (timeZone: string | undefined, iso: string) =>
    slotOfHours({ season: SEASON, timeZone })(Date.parse(iso) / HOUR_MS);
  assert.equal(slotAt("Europe/Berlin", "2026-01-12T08:00Z"), 9);
  assert.equal(slotAt("Europe/Berlin", "2026-07-13T07:00Z"), 9);
  assert.equal(slotAt("America/New_York", "2026-07-13T13:00Z"), 9);
  assert.equal(slotAt("America/New_York", "2026-01-12T01:00Z"), 6 * 24 + 20, "still Sunday there");
  assert.equal(slotAt(undefined, "2026-07-13T07:00Z"), 7);
  assert.equal(zoneOffset("Asia/Kolkata")(0), 5.5 * HOUR_MS);
  assert.equal(zoneOffset("America/St_Johns")(Date.UTC(2026, 0, 1)), -3.5 * HOUR_MS);
  assert.throws(() => zoneOffset("Europe/Berlim"), RangeError);
});

test("the engine knows every zone that the process knows, with the same clock", () =>
  withStore(async ({ store }) => {
    const hour = Date.UTC(2026, 6, 1) / HOUR_MS;
    const zones = Intl.supportedValuesOf("timeZone");
    const columns = zones.map((zone) => hourOfWeekSql(zone, String(hour)));
    const [row] = await store.query<{ hours: number[] }>(`SELECT [${columns.join()}] AS hours`, {});
    assert.deepEqual(
      Object.fromEntries(zones.map((zone, index) => [zone, Number(row!.hours[index])])),
      Object.fromEntries(zones.map((zone) => [zone, hoursOfWeek(zone)(hour)])),
    );
  }));

test("a week before is at the same time of the wall clock", () => {
  const at = (iso: string, weeks: number, timeZone?: string) =>
    new Date(weeksBefore(Date.parse(iso), weeks, timeZone)).toISOString();
  // Berlin's clocks go forward on 29 March 2026: 9:00 is 7:00 UTC after, 8:00 before.
  assert.equal(at("2026-03-31T07:00Z", 1, "Europe/Berlin"), "2026-03-24T08:00:00.000Z");
  assert.equal(at("2026-03-24T08:00Z", -1, "Europe/Berlin"), "2026-03-31T07:00:00.000Z");
  assert.equal(at("2026-03-31T07:00Z", 1), "2026-03-24T07:00:00.000Z");
});
