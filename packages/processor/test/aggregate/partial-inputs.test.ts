import assert from "node:assert/strict";
import { readEstimationSample } from "../../src/aggregate/estimation-sample.ts";
import { readWindowSample } from "../../src/aggregate/window-sample.ts";
import { KEY, MONDAY_MS, outcome, prediction } from "../records.ts";
import { testProfile } from "../service/test-profile.ts";
import { type TemporaryStore, testStores } from "../temporary-store.ts";

const HOUR_MS = 3_600_000;
const ROWS = 40;
const REQUEST = {
  key: KEY,
  profile: testProfile(),
  window: { name: "24h", startMs: MONDAY_MS, endMs: MONDAY_MS + 24 * HOUR_MS },
  outcomeHorizonMs: 24 * HOUR_MS,
  matureCoverage: 0.9,
};

/** Predictions of a day, of which every so manieth carries inputs. */
function writeRows({ write }: TemporaryStore, prefix: string, everyNth: number): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const inputs = index % everyNth === 0 ? { distance: index, origin: "LAS" } : {};
    return prediction(`${prefix}-${index}`, MONDAY_MS + (index * HOUR_MS) / 2, { score: 0.5, label: "late", inputs });
  });
  const outcomes = rows.map(({ id }) => outcome(id, MONDAY_MS + 20 * HOUR_MS, { label: "late" }));
  return write({ predictions: rows, outcomes });
}

testStores(
  "where a share of the predictions carries inputs, these explain, and estimates do without them",
  async (temporary) => {
    const { store } = temporary;
    await writeRows(temporary, "part", 4);
    const { total, rows } = await readWindowSample(store, REQUEST, 1_000);
    assert.equal(total, ROWS);
    assert.equal(rows.length, ROWS / 4);
    assert.ok(rows.every(({ inputs }) => inputs["origin"] === "LAS"));
    assert.deepEqual(
      (await readEstimationSample(store, REQUEST))!.features,
      [],
      "those without would look like a shift",
    );
  },
);

testStores("where all predictions carry inputs, or all but a few, estimates use them", async (temporary) => {
  await writeRows(temporary, "whole", 1);
  await temporary.write({ predictions: [prediction("bare", MONDAY_MS, { score: 0.5, label: "late" })] });
  assert.deepEqual((await readEstimationSample(temporary.store, REQUEST))!.features, ["distance", "origin"]);
});
