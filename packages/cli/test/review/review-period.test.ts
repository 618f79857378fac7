import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chosenPeriod, lastWholePeriod } from "../../src/review/review-period.ts";

test("the last whole week runs from Monday to Monday, and a Monday's midnight ends it", () => {
  const week = { from: "2026-11-16T00:00:00.000Z", to: "2026-11-23T00:00:00.000Z" };
  assert.deepEqual(lastWholePeriod("weekly", Date.parse("2026-11-23T00:00:00Z")), week);
  assert.deepEqual(lastWholePeriod("weekly", Date.parse("2026-11-29T23:59:59Z")), week);
});

test("the last whole month is the calendar's, over the turn of the year too", () => {
  assert.deepEqual(lastWholePeriod("monthly", Date.parse("2026-01-01T00:00:00Z")), {
    from: "2025-12-01T00:00:00.000Z",
    to: "2026-01-01T00:00:00.000Z",
  });
});

test("whatever the time, the last whole period has ended and the next has not", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), fc.constantFrom("weekly", "monthly"), (ms, kind) => {
      const { from, to } = lastWholePeriod(kind, ms);
      const length = Date.parse(to) - Date.parse(from);
      assert.ok(Date.parse(to) <= ms && ms < Date.parse(to) + 31 * 86_400_000);
      assert.ok(kind === "weekly" ? length === 7 * 86_400_000 : from.endsWith("-01T00:00:00.000Z"));
    }),
  );
});

test("a period of one's own is told what is wrong with it", () => {
  assert.throws(() => chosenPeriod("last monday", "2026-11-23"), /--from "last monday": expected a day/);
  assert.throws(() => chosenPeriod("2026-11-23", "2026-11-23"), /not after/);
  assert.equal(chosenPeriod("2026-11-16", "2026-11-23").to, "2026-11-23T00:00:00.000Z");
});
