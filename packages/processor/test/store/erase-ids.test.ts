import assert from "node:assert/strict";
import { eraseIds } from "../../src/store/erase-ids.ts";
import { readExplanations, saveExplanation } from "../../src/store/explanations.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction } from "../records.ts";
import { testStores } from "../temporary-store.ts";

testStores("nothing of an erased id is left, and nothing else is gone", async ({ store, write }) => {
  const id = "it's me";
  await write({
    predictions: [
      prediction(id, MONDAY_MS, {
        inputs: { name: "secret" },
        probabilities: { late: 0.5, cancelled: 0.5 },
        vectors: { text: Float32Array.of(1, 2) },
      }),
      prediction(id, MONDAY_MS, { version: "2", role: "challenger" }),
      prediction(id, MONDAY_MS, { model: "other" }),
      prediction("b", MONDAY_MS),
    ],
    outcomes: [
      outcome(id, MONDAY_MS + HOUR_MS, { label: "late" }),
      outcome(id, MONDAY_MS + 2 * HOUR_MS, { label: "on_time" }),
    ],
  });
  const explanation = {
    ...KEY,
    window: {
      name: "24h",
      start: new Date(MONDAY_MS).toISOString(),
      end: new Date(MONDAY_MS + 24 * HOUR_MS).toISOString(),
    },
    causes: [],
    rows: 2,
    rowsBefore: 3,
    windowsBefore: 3,
    loss: null,
    features: [],
    coincident: [],
    examples: [
      { id, traceId: "" },
      { id: "b", traceId: "" },
    ],
  };
  await saveExplanation(store, explanation, 1);
  assert.deepEqual(await eraseIds(store, KEY, [id], 2), { predictions: 2, outcomes: 2 });
  const left = await store.query<{ model: string; id: string }>("SELECT model, id FROM prediction ORDER BY model, id");
  assert.deepEqual(left, [
    { model: KEY.model, id: "b" },
    { model: "other", id },
  ]);
  assert.deepEqual(await store.query("SELECT id FROM vector"), []);
  assert.deepEqual(await store.query("SELECT id FROM class_probability"), []);
  assert.deepEqual(await store.query("SELECT id FROM outcome"), []);
  const [kept] = await readExplanations(store, KEY);
  assert.deepEqual(kept!.examples, [{ id: "b", traceId: "" }]);
  const texts = await store.query<{ explanation: string }>("SELECT explanation FROM explanation");
  assert.ok(texts.every((row) => !row.explanation.includes(id)));
  assert.deepEqual(await eraseIds(store, KEY, [id], 3), { predictions: 0, outcomes: 0 });
});

testStores(
  "as many ids as a request may name, as long as they may be, are erased at once",
  async ({ store, write }) => {
    const ids = Array.from({ length: 1_000 }, (_unused, index) => String(index).padStart(256, "'"));
    await write({ predictions: ids.map((id) => prediction(id, MONDAY_MS)) });
    assert.deepEqual(await eraseIds(store, KEY, ids, 2), { predictions: 1_000, outcomes: 0 });
  },
);
