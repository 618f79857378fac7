import assert from "node:assert/strict";
import { type EnsembleTask, ensembleTask } from "@tidemark/signals";
import { readEnsembleSums } from "../../src/aggregate/ensemble-sums.ts";
import { eraseIds } from "../../src/store/erase-ids.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, prediction } from "../records.ts";
import { testProfile } from "../service/test-profile.ts";
import { type TemporaryStore, testStores } from "../temporary-store.ts";

const WINDOW = { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS };
const SCORES = ensembleTask(testProfile(), {})!;
const CLASSES: EnsembleTask = { ...SCORES, kind: "class", isUsable: () => false };

function sumsOf({ store }: Pick<TemporaryStore, "store">, task: EnsembleTask) {
  return readEnsembleSums(store, { key: KEY, window: WINDOW, outcomeHorizonMs: 2 * HOUR_MS }, task);
}

const total = (values: readonly { readonly rows: number }[]) => values.reduce((sum, { rows }) => sum + rows, 0);

testStores(
  "answers are joined with prediction and outcome; what is no answer, too late or not in the window counts for what it is",
  async ({ store, write }) => {
    const at = (minutes: number) => MONDAY_MS + minutes * 60_000;
    await write({
      predictions: [
        prediction("a", at(0), { score: 0.5, memberAnswers: { trees: 0.75, linear: 0.25 } }),
        prediction("b", at(1), { score: 0.5, memberAnswers: { trees: 0.5, linear: 0.5, rare: 0.9 } }),
        prediction("c", at(2), { score: 0.5, memberAnswers: { trees: 0.5, linear: null } }),
        prediction("d", at(3), { score: 0.5, memberAnswers: { trees: 0.5, linear: 0.5 } }),
        prediction("plain", at(4), { score: 0.5 }),
        prediction("later", at(60), { score: 0.5, memberAnswers: { trees: 0.5, linear: 0.5 } }),
        prediction("other", at(5), { version: "2", score: 0.5, memberAnswers: { trees: 0.5 } }),
      ],
      outcomes: [
        outcome("a", at(30), { label: "late" }),
        outcome("b", at(30), { label: "on_time" }),
        outcome("c", at(30), { label: "late" }),
        outcome("d", at(240), { label: "late" }),
      ],
    });
    const sums = (await sumsOf({ store }, SCORES))!;
    assert.deepEqual(sums.members, ["linear", "trees"]);
    assert.deepEqual([sums.predictions, ...sums.answered, sums.complete, total(sums.parts)], [4, 3, 4, 3, 2]);
    assert.deepEqual(sums.parts[0]!.errors, [0.5, 0.625, 0.375, 0.8125, 0.4375, 0.3125]);
    assert.equal(
      await readEnsembleSums(store, { key: { ...KEY, version: "3" }, window: WINDOW, outcomeHorizonMs: 1 }, SCORES),
      null,
    );

    await eraseIds(store, KEY, ["a"], MONDAY_MS);
    const [left] = await store.query<{ ids: string[] }>(
      "SELECT groupArray(id) AS ids FROM member_answer WHERE id = 'a'",
    );
    assert.deepEqual(left!.ids, []);
  },
);

testStores("members may answer with classes", async ({ store, write }) => {
  const voted = (id: string, label: string, memberAnswers: Record<string, string>) =>
    prediction(id, MONDAY_MS, { label, memberAnswers });
  await write({
    predictions: [voted("a", "late", { x: "late", y: "on_time" }), voted("b", "late", { x: "late", y: "late" })],
    outcomes: [outcome("a", MONDAY_MS, { label: "late" }), outcome("b", MONDAY_MS, { label: "on_time" })],
  });
  const sums = (await sumsOf({ store }, CLASSES))!;
  assert.deepEqual([sums.complete, sums.disagreed, ...sums.parts[0]!.right], [2, 1, 1, 1, 0]);
});
