import assert from "node:assert/strict";
import type { VarietyCurve } from "@tidemark/schema";
import { readDistinct } from "../../src/aggregate/distinct-counts.ts";
import type { Store } from "../../src/store/store.ts";
import { categoricalField, HOUR_MS, KEY, MONDAY_MS, numericField, prediction, profile } from "../records.ts";
import { testStores } from "../temporary-store.ts";

const VARIETY: VarietyCurve = [64, 128].map((rows) => ({
  ...{ rows, blocks: 100, growth: { mean: 0, deviation: 0, largest: 0 } },
  distinct: { mean: 4, deviation: 0.05, smallest: 3.8, largest: 4.1 },
}));
const REFERENCE = profile([
  numericField("temperature", [0, 10], { variety: VARIETY }),
  categoricalField("place", ["a", "b"], { otherCategories: ["c"], variety: VARIETY }),
  categoricalField("code", ["5", "b"], { otherCategories: ["c"], variety: VARIETY }),
  categoricalField("unasked", ["a"]),
  categoricalField("told_apart", ["a"], { variety: VARIETY }),
  numericField("absent", [0, 10], { variety: VARIETY }),
]);

function read(store: Store, reference = REFERENCE) {
  const window = { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS };
  return readDistinct(store, { key: KEY, profile: reference, window });
}

const inputs = (at: number) => ({
  temperature: at % 50 === 0 ? null : at % 40,
  place: `p${at % 30}`,
  code: at % 2 === 0 ? at % 20 : `c${at % 21}`,
  unasked: "a",
  told_apart: "a",
});

testStores(
  "features' values are counted by stretches of as many rows as the profile knows",
  async ({ store, write }) => {
    const predictions = Array.from({ length: 250 }, (_, at) =>
      prediction(`p${at}`, MONDAY_MS + (at * HOUR_MS) / 250, { samplingProbability: 0.5, inputs: inputs(at) }),
    );
    await write({ predictions });
    // All that is missing is one value more; numbers and texts are told apart.
    assert.deepEqual(await read(store), {
      stretches: [
        { rows: 125, weighted: 250 },
        { rows: 125, weighted: 250 },
      ],
      features: { temperature: [41, 41], place: [30, 30], code: [31, 31] },
    });
    assert.equal(await read(store, profile([numericField("temperature", [0, 10])])), null);
  },
);

testStores("records that name other inputs are searched by name", async ({ store, write }) => {
  const predictions = Array.from({ length: 100 }, (_, at) => {
    const { temperature, place } = inputs(at);
    return prediction(`p${at}`, MONDAY_MS + at, { inputs: at % 2 === 0 ? { place, temperature } : { temperature } });
  });
  await write({ predictions });
  const found = (await read(store))!;
  assert.deepEqual(found.features, { temperature: [41], place: [15] });
});

testStores("of a long window stretches are read that lie evenly over it", async ({ store, write }) => {
  const predictions = Array.from({ length: 40_000 }, (_, at) =>
    prediction(`p${at}`, MONDAY_MS + (at * HOUR_MS) / 40_000, { inputs: { temperature: Math.floor(at / 10_000) } }),
  );
  await write({ predictions });
  const { stretches, features } = (await read(store))!;
  const rows = stretches.reduce((sum, stretch) => sum + stretch.rows, 0);
  assert.ok(rows > 10_000 && rows <= 16_384, `${rows}`);
  assert.equal(features["temperature"]!.filter((count) => count > 2).length, 0);
  assert.equal(stretches.length, features["temperature"]!.length);
});
