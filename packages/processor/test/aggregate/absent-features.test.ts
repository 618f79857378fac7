import assert from "node:assert/strict";
import { mock } from "node:test";
import type { PredictionRecord } from "@tidemark/schema";
import { aggregateWindow } from "../../src/aggregate/aggregate-window.ts";
import { HOUR_MS, KEY, MONDAY_MS, prediction } from "../records.ts";
import { testProfile } from "../service/test-profile.ts";
import { testStores } from "../temporary-store.ts";

const REQUEST = {
  key: KEY,
  profile: testProfile(),
  window: { name: "24h", startMs: MONDAY_MS, endMs: MONDAY_MS + 24 * HOUR_MS },
  outcomeHorizonMs: 24 * HOUR_MS,
  segments: [],
};

type Inputs = PredictionRecord["inputs"];

/** A hundred predictions within the day. */
function rowsOf(inputsOf: (index: number) => Inputs, more: Partial<PredictionRecord> = {}): PredictionRecord[] {
  return Array.from({ length: 100 }, (_, index) =>
    prediction(`${more.role ?? "p"}-${index}`, MONDAY_MS + index * 60_000, {
      score: 0.5,
      inputs: inputsOf(index),
      ...more,
    }),
  );
}

testStores("what came instead of a feature is counted on its bins, of its role only", async ({ store, write }) => {
  const renamed = (index: number) => ({ dist_km: index === 0 ? null : index * 10, origin: "LAS", carrier: "it's AA" });
  await write({
    predictions: [
      ...rowsOf(renamed),
      ...rowsOf((index) => ({ distance: index, origin: "LAS", "challenger's": 1 }), { role: "challenger" }),
    ],
  });
  const { absentFeatures } = await aggregateWindow(store, REQUEST);
  assert.deepEqual(
    absentFeatures!.map(({ feature, unknownInputs }) => [feature, unknownInputs.map(({ name }) => name)]),
    [["distance", ["carrier", "dist_km"]]],
  );
  const [carrier, distance] = absentFeatures![0]!.unknownInputs;
  assert.deepEqual([carrier!.states.type_mismatch, carrier!.counts.some((count) => count > 0)], [100, false]);
  assert.deepEqual([distance!.states.valid, distance!.states.missing], [99, 1]);
  assert.deepEqual(distance!.counts.slice(0, 3), [0, 5, 5], "10 to 50, 60 to 100");
  const challenger = await aggregateWindow(store, { ...REQUEST, key: { ...KEY, role: "challenger" } });
  assert.equal(challenger.absentFeatures, undefined);
});

testStores("inputs of sampled records count by their weights", async ({ store, write }) => {
  await write({
    predictions: [
      ...rowsOf(() => ({ dist_km: 10, origin: "LAS" })).slice(0, 50),
      ...rowsOf(() => ({ dist_km: 990, origin: "LAS" }), { samplingProbability: 0.25 }).slice(50),
    ],
  });
  const { absentFeatures } = await aggregateWindow(store, REQUEST);
  const { counts } = absentFeatures![0]!.unknownInputs[0]!;
  assert.ok(Math.abs(counts[20]! / counts[1]! - 4) < 1e-9, `${counts}`);
});

testStores(
  "of many unknown inputs the twenty that come most often are counted, and features that none names too",
  async ({ store, write }) => {
    const often = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`often_${index}`, index]));
    await write({ predictions: rowsOf((index) => ({ ...often, [`seldom_${String(index).padStart(3, "0")}`]: "a" })) });
    const { absentFeatures } = await aggregateWindow(store, REQUEST);
    assert.deepEqual(
      absentFeatures!.map(({ feature }) => feature),
      ["distance", "origin"],
    );
    for (const { unknownInputs } of absentFeatures!) {
      const names = unknownInputs.map(({ name }) => name);
      assert.deepEqual([names.length, names.includes("often_9"), names.at(-1)], [20, true, "seldom_000"]);
    }
  },
);

testStores(
  "nothing is asked where every feature has a value, and nothing said where records carry no inputs",
  async ({ store, write }) => {
    await write({ predictions: rowsOf((index) => (index === 50 ? { distance: 1, origin: "LAS" } : { dist_km: 1 })) });
    const asked = mock.method(store, "query");
    assert.equal((await aggregateWindow(store, REQUEST)).absentFeatures, undefined);
    const queries = asked.mock.calls.map((call) => call.arguments[0]);
    assert.ok(queries.length > 0 && !queries.some((sql) => sql.includes("arrayJoin(input_names)")));
    asked.mock.restore();
    await write({ predictions: rowsOf(() => ({}), { role: "shadow" }) });
    const bare = await aggregateWindow(store, { ...REQUEST, key: { ...KEY, role: "shadow" } });
    assert.equal(bare.absentFeatures, undefined);
  },
);
