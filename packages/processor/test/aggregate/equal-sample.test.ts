import assert from "node:assert/strict";
import { readEstimationSample } from "../../src/aggregate/estimation-sample.ts";
import { readWindowSample } from "../../src/aggregate/window-sample.ts";
import { HOUR_MS, KEY, MONDAY_MS, prediction } from "../records.ts";
import { testProfile } from "../service/test-profile.ts";
import { type TemporaryStore, testStores } from "../temporary-store.ts";

const REQUEST = {
  key: KEY,
  profile: testProfile(),
  window: { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS },
  outcomeHorizonMs: HOUR_MS,
  matureCoverage: 0.9,
};
const BATCH = 8_000;

/**
 * Of each four rows one was recorded for certain (score 0.9, far), three with probability 1/4 (score 0.1, near): of 13 requests one was of the
 * first kind.
 */
async function writeWeighted({ write }: TemporaryStore, rows: number): Promise<void> {
  for (let from = 0; from < rows; from += BATCH) {
    const predictions = Array.from({ length: Math.min(BATCH, rows - from) }, (_, index) => {
      const at = from + index;
      const isCertain = at % 4 === 0;
      return prediction(`id-${at}`, MONDAY_MS + (at % 3_600) * 1_000, {
        samplingProbability: isCertain ? 1 : 0.25,
        score: isCertain ? 0.9 : 0.1,
        label: "late",
        inputs: { distance: isCertain ? 5_000 : 10, origin: "LAS" },
      });
    });
    await write({ predictions });
  }
}

const SHARE = 1 / 13;
/** Five standard deviations of a share of so many rows. */
const tolerance = (rows: number) => 5 * Math.sqrt((SHARE * (1 - SHARE)) / rows);

testStores(
  "of a window larger than its sample, likelier rows count no more in estimates and explanations",
  async (temporary) => {
    await writeWeighted(temporary, 36_000);
    const estimation = await readEstimationSample(temporary.store, REQUEST);
    assert.ok(estimation?.kind === "class");
    assert.equal(estimation.rows, 20_000);
    const share = estimation.scores.reduce((sum, score) => sum + (score > 0.5 ? 1 : 0), 0) / estimation.rows;
    assert.ok(Math.abs(share - SHARE) < tolerance(20_000), `${share} in the sample of estimates`);
    // The order has nothing to do with the content: the first half says the same.
    const first = estimation.scores.subarray(0, 10_000).reduce((sum, score) => sum + (score > 0.5 ? 1 : 0), 0) / 10_000;
    assert.ok(Math.abs(first - SHARE) < tolerance(10_000), `${first} in its first half`);

    const explained = await readWindowSample(temporary.store, REQUEST, 4_000);
    assert.equal(explained.rows.length, 4_000);
    const far = explained.rows.filter(({ inputs }) => inputs["distance"] === 5_000).length / 4_000;
    assert.ok(Math.abs(far - SHARE) < tolerance(4_000), `${far} in the sample of explanations`);
    assert.equal(explained.total, 9_000 + 4 * 27_000, "as many requests as there were, not as were recorded");
  },
);

testStores(
  "a smaller window is thinned to rows that count the same; one of equal rows is taken whole",
  async (temporary) => {
    await writeWeighted(temporary, 2_000);
    const { rows } = await readWindowSample(temporary.store, REQUEST, 4_000);
    const far = rows.filter(({ inputs }) => inputs["distance"] === 5_000).length;
    assert.equal(rows.length - far, 1_500, "every row of the least probability");
    assert.ok(Math.abs(far - 125) < 5 * Math.sqrt(125), `${far} of 500 that were recorded for certain`);
    const estimation = await readEstimationSample(temporary.store, REQUEST);
    const likely = estimation!.rows - 1_500;
    assert.ok(Math.abs(likely - 125) < 5 * Math.sqrt(125), `${likely} of them in the sample of estimates`);
    const equal = {
      ...REQUEST,
      window: { ...REQUEST.window, startMs: MONDAY_MS + HOUR_MS, endMs: MONDAY_MS + 2 * HOUR_MS },
    };
    const predictions = Array.from({ length: 300 }, (_, at) =>
      prediction(`equal-${at}`, MONDAY_MS + HOUR_MS + at, { samplingProbability: 0.1, inputs: { distance: at } }),
    );
    await temporary.write({ predictions });
    const whole = await readWindowSample(temporary.store, equal, 4_000);
    assert.equal(whole.rows.length, 300);
    assert.equal(Math.round(whole.total), 3_000);
  },
);

testStores(
  "a version of a record that was replaced no longer decides how rare the others must be",
  async (temporary) => {
    const one = (id: string, samplingProbability: number, at: number) =>
      prediction(id, MONDAY_MS + at, { samplingProbability, inputs: { distance: 15 } });
    await temporary.write({ predictions: [one("changed", 0.001, 0)] });
    await temporary.write({
      predictions: [one("changed", 1, 0), ...Array.from({ length: 99 }, (_, at) => one(`r${at}`, 1, at))],
    });
    // Of two contents the larger hash stays; of these two it is the one that was recorded for certain.
    const { rows, total } = await readWindowSample(temporary.store, REQUEST, 4_000);
    assert.deepEqual([rows.length, total], [100, 100]);
  },
);
