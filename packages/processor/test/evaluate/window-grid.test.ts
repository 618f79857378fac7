import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { windowAt, windowsBetween } from "../../src/evaluate/window-grid.ts";

const names = fc.constantFrom("5m", "1h", "8h", "24h", "7d");
const times = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });

test("seven days start on Monday 00:00 UTC, a day at midnight", () => {
  const wednesday = Date.UTC(2001, 1, 7, 15, 30);
  assert.equal(new Date(windowAt("7d", wednesday).startMs).toISOString(), "2001-02-05T00:00:00.000Z");
  assert.equal(new Date(windowAt("24h", wednesday).startMs).toISOString(), "2001-02-07T00:00:00.000Z");
});

test("a window holds its start and not its end", () => {
  fc.assert(
    fc.property(names, times, (name, timeMs) => {
      const window = windowAt(name, timeMs);
      assert.ok(window.startMs <= timeMs && timeMs < window.endMs);
      assert.deepEqual(windowAt(name, window.startMs), window);
      assert.equal(windowAt(name, window.endMs).startMs, window.endMs);
    }),
  );
});

test("the windows between two times cover them without a gap", () => {
  fc.assert(
    fc.property(names, times, fc.integer({ min: 1, max: 3 * 86_400_000 }), (name, fromMs, lengthMs) => {
      const windows = windowsBetween(name, fromMs, fromMs + lengthMs);
      assert.ok(windows[0]!.startMs <= fromMs && windows.at(-1)!.endMs >= fromMs + lengthMs);
      for (const [index, window] of windows.entries()) {
        if (index > 0) assert.equal(window.startMs, windows[index - 1]!.endMs);
      }
    }),
  );
});

test("an empty span has no window", () => {
  assert.deepEqual(windowsBetween("1h", 1000, 1000), []);
});
