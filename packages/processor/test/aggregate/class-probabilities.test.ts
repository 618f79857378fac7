import assert from "node:assert/strict";
import { readClassProbabilities } from "../../src/aggregate/class-probabilities.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction, profile } from "../records.ts";
import { testStores } from "../temporary-store.ts";

const REQUEST = {
  key: KEY,
  profile: { ...profile([]), positiveLabel: null },
  window: { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS },
  outcomeHorizonMs: 2 * HOUR_MS,
  segments: ["country"],
};

const thirds = { cat: 0.33, dog: 0.33, bird: 0.33 };
const at = MONDAY_MS + 1_000;

testStores(
  "probabilities are counted by state, and those with an outcome in time are the rows",
  async ({ store, write }) => {
    const predictions = [
      prediction("first", at, { probabilities: { cat: 0.7, dog: 0.3 }, segments: { country: "de" } }),
      prediction("rounded", at, { probabilities: thirds, samplingProbability: 0.5, inputs: { country: "fr" } }),
      prediction("too little", at, { probabilities: { ...thirds, cat: 0.32 } }),
      prediction("too much", at, { probabilities: { cat: 0.9, dog: 0.9 } }),
      prediction("negative", at, { probabilities: { cat: 1.2, dog: -0.2 } }),
      prediction("odd", at, { probabilities: { cat: 1, dog: Number.NaN } }),
      prediction("late", at, { probabilities: { cat: 1, fish: 0 } }),
      prediction("without outcome", at, { probabilities: { cat: 1 } }),
      prediction("of a quantity", at, { probabilities: { cat: 1 } }),
      prediction("without", at),
      prediction("earlier", MONDAY_MS - 1, { probabilities: { cat: 1 } }),
      { ...prediction("another model's", at, { probabilities: { cat: 1 } }), version: "2" },
    ];
    const outcomes = predictions.flatMap(({ id }) =>
      id === "without outcome"
        ? []
        : id === "of a quantity"
          ? [outcome(id, at, { kind: "value", label: null, value: 3 })]
          : [outcome(id, id === "late" ? at + 3 * HOUR_MS : at + HOUR_MS, { label: "cat" })],
    );
    await write({ predictions, outcomes });
    const once = await readClassProbabilities(store, REQUEST);
    // Again, and in another order: neither changes what is read.
    await write({ predictions: predictions.toReversed(), outcomes: outcomes.toReversed() });
    const found = await readClassProbabilities(store, REQUEST);
    assert.deepEqual(found, once);
    assert.ok(found !== null);
    assert.deepEqual(found.states, { valid: 6, nonFinite: 1, outOfRange: 1, wrongSum: 2 });
    assert.equal(found.effective, 100 / 12);
    assert.deepEqual(found.classes, ["bird", "cat", "dog"]);
    assert.deepEqual(
      found.rows.toSorted((a, b) => a.weight - b.weight),
      [
        { scores: [0, 0.7, 0.3], outcomeLabel: "cat", weight: 1, segments: ["de"] },
        { scores: [0.33, 0.33, 0.33], outcomeLabel: "cat", weight: 2, segments: ["fr"] },
      ],
    );
    assert.deepEqual((await readClassProbabilities(store, { ...REQUEST, segments: [] }))?.rows.length, 2);
    assert.equal(await readClassProbabilities(store, { ...REQUEST, key: { ...KEY, version: "3" } }), null);
    assert.equal(await readClassProbabilities(store, { ...REQUEST, profile: profile([]) }), null);
  },
);
