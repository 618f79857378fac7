import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MIN_SLOT_ROWS, seasonSlots } from "../../src/profile/season-slots.ts";

test("every slot holds enough rows, is made of neighbouring hours, and slots are numbered by their first hour", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(600), { minLength: 168, maxLength: 168 }), (rowsByHour) => {
      const season = seasonSlots(rowsByHour);
      assert.ok(season !== null);
      const { slotOfHour, slotCount } = season;
      const changes = slotOfHour.filter((slot, hour) => slot !== slotOfHour[(hour + 1) % 168]).length;
      assert.equal(changes, slotCount);
      for (let slot = 0; slot < slotCount; slot++) {
        const rows = rowsByHour.reduce((sum, count, hour) => sum + (slotOfHour[hour] === slot ? count : 0), 0);
        assert.ok(rows >= MIN_SLOT_ROWS);
      }
      const firsts = Array.from({ length: slotCount }, (_unused, slot) => slotOfHour.indexOf(slot));
      assert.deepEqual(
        firsts,
        [...firsts].sort((a, b) => a - b),
      );
    }),
  );
});

test("hours with enough rows keep a slot of their own, and too few rows make no season", () => {
  assert.equal(seasonSlots(new Array<number>(168).fill(200))?.slotCount, 168);
  assert.equal(seasonSlots(new Array<number>(168).fill(2)), null);
  const nights = seasonSlots(Array.from({ length: 168 }, (_unused, hour) => (hour % 24 < 5 ? 41 : 500)));
  assert.equal(nights?.slotCount, 7 * 20);
});
