import assert from "node:assert/strict";
import { test } from "node:test";
import type { VarietyCurve } from "@tidemark/schema";
import { aggregateWindow } from "../../src/aggregate/aggregate-window.ts";
import type { Store } from "../../src/store/store.ts";
import { categoricalField, HOUR_MS, KEY, MONDAY_MS, numericField, prediction, profile } from "../records.ts";
import { withStore } from "../temporary-store.ts";

const spread = { mean: 0.02, deviation: 0.005, smallest: 0.01, largest: 0.03 };
const VARIETY: VarietyCurve = [64, 128].map((rows) => ({
  ...{ rows, blocks: 100 },
  distinct: { mean: Math.log(60), deviation: 0.05, smallest: Math.log(50), largest: Math.log(64) },
  growth: { mean: spread.mean, deviation: spread.deviation, largest: spread.largest },
}));
const NAMES = Array.from({ length: 12 }, (_, at) => `c${at}`);
const REFERENCE = profile([
  numericField(
    "temperature",
    Array.from({ length: 20 }, (_, at) => 5 * at),
    { variety: VARIETY },
  ),
  categoricalField("place", NAMES, { otherCategories: ["far", "5"], variety: VARIETY }),
]);

function aggregateHour(store: Store) {
  const window = { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS };
  return aggregateWindow(store, { key: KEY, profile: REFERENCE, window, outcomeHorizonMs: 1, segments: [] });
}

const inputs = (at: number) => ({ temperature: (at * 7.3) % 95, place: NAMES[at % 12]! });

test("nothing is asked for where no bin has grown", () =>
  withStore(async ({ store, write }) => {
    const predictions = Array.from({ length: 120 }, (_, at) =>
      prediction(`p${at}`, MONDAY_MS + at, { inputs: inputs(at) }),
    );
    await write({ predictions });
    assert.equal((await aggregateHour(store)).repeated, undefined);
  }));

test("the value that a bin is full of is told from values that only crowd in it, sampled records by their weights", () =>
  withStore(async ({ store, write }) => {
    const predictions = Array.from({ length: 120 }, (_, at) => {
      const isStuck = at % 3 === 0;
      return prediction(`p${at}`, MONDAY_MS + at, {
        samplingProbability: at % 6 === 0 ? 0.5 : 1,
        inputs: isStuck ? { temperature: at % 2 === 0 ? 41.5 : 42, place: at % 2 === 0 ? "far" : 5 } : inputs(at),
      });
    });
    await write({ predictions });
    const { repeated } = await aggregateHour(store);
    assert.deepEqual(
      repeated!.map(({ name, value }) => [name, value]),
      [
        ["temperature", 41.5],
        ["place", "far"],
      ],
    );
    const [temperature, place] = repeated!;
    assert.equal(place!.share, 2 / 3, "20 rows of weight 2 beside 20 of weight 1");
    assert.ok(temperature!.share > 0.5 && temperature!.share < 2 / 3, "others lie in the bin by nature");
  }));
