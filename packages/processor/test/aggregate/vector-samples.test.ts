import assert from "node:assert/strict";
import { test } from "node:test";
import { readVectorSamples } from "../../src/aggregate/vector-samples.ts";
import { HOUR_MS, KEY, MONDAY_MS, prediction } from "../records.ts";
import { testStores, withStore } from "../temporary-store.ts";

const REQUEST = { key: KEY, window: { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS } };
const TEXT = { name: "text", dimension: 3 };

testStores(
  "every prediction with inputs is a row of the sample, a gap, or says what is wrong with its vector",
  async ({ store, write }) => {
    const at = MONDAY_MS + 1_000;
    const predictions = [
      prediction("first", at, { vectors: { text: Float32Array.of(1, 2, 3), image: Float32Array.of(7, 8) } }),
      prediction("second", at + HOUR_MS / 2, { vectors: { text: Float32Array.of(4, 5, 0.1) }, inputs: { age: 3 } }),
      prediction("only inputs", at, { inputs: { age: 3 } }),
      prediction("without inputs", at),
      prediction("short", at, { vectors: { text: Float32Array.of(1, 2) } }),
      prediction("odd", at, { vectors: { text: Float32Array.of(1, Number.NaN, 2) } }),
      prediction("huge", at, { vectors: { text: Float32Array.of(1, Number.POSITIVE_INFINITY, 2) } }),
      prediction("earlier", MONDAY_MS - 1, { vectors: { text: Float32Array.of(9, 9, 9) } }),
      { ...prediction("another model's", at, { vectors: { text: Float32Array.of(9, 9, 9) } }), version: "2" },
    ];
    // Twice, and the second time in another order: neither a repetition nor an order changes what is sampled.
    await write({ predictions });
    const [once] = await readVectorSamples(store, REQUEST, [TEXT]);
    await write({ predictions: predictions.toReversed() });
    const [text, image] = await readVectorSamples(store, REQUEST, [TEXT, { name: "image", dimension: 2 }]);
    assert.deepEqual(text, once);
    assert.ok(text && image);
    assert.deepEqual(
      { ...text, values: undefined, ids: text.ids.toSorted(), hours: [...text.hours] },
      {
        name: "text",
        dimension: 3,
        rows: 2,
        values: undefined,
        ids: ["first", "second"],
        hours: [MONDAY_MS / HOUR_MS, MONDAY_MS / HOUR_MS],
        missing: 1,
        wrongDimension: 1,
        nonFinite: 2,
      },
    );
    const first = text.ids.indexOf("first");
    assert.deepEqual([...text.values.subarray(3 * first, 3 * first + 3)], [1, 2, 3]);
    assert.deepEqual([...text.values.subarray(3 * (1 - first), 3 * (1 - first) + 3)], [4, 5, Math.fround(0.1)]);
    assert.deepEqual([image.rows, image.missing, [...image.values]], [1, 5, [7, 8]]);
  },
);

test("no feature, or no vector in the window: no rows", () =>
  withStore(async ({ store, write }) => {
    await write({ predictions: [prediction("a", MONDAY_MS, { inputs: { age: 1 } })] });
    assert.deepEqual(await readVectorSamples(store, REQUEST, []), []);
    const [empty] = await readVectorSamples(store, REQUEST, [TEXT]);
    assert.deepEqual([empty?.rows, empty?.values.length, empty?.missing], [0, 0, 0]);
  }));

test("vectors that the profile does not know are not read, however long they are", () =>
  withStore(async ({ store, write }) => {
    const predictions = Array.from({ length: 20 }, (_, at) =>
      prediction(`p${at}`, MONDAY_MS + at, {
        vectors: { text: Float32Array.of(at, 1, 2), image: new Float32Array(4_096).fill(at) },
      }),
    );
    await write({ predictions });
    let bytes = 0;
    const counting: typeof store = {
      ...store,
      query: store.query.bind(store),
      async queryRowBinary(...given) {
        const answer = await store.queryRowBinary(...given);
        bytes += answer.byteLength;
        return answer;
      },
    };
    const [text] = await readVectorSamples(counting, REQUEST, [TEXT]);
    assert.equal(text?.rows, 20);
    assert.ok(bytes > 0 && bytes < 2_000, `${bytes} bytes for 20 vectors of three elements`);
  }));

test("of a large window 2,000 rows are read, the same whatever the order, and those that were sampled likelier count no more", () =>
  withStore(async ({ store, write }) => {
    // Of each four, one was kept for certain and stands for itself, three with probability 1/4 and stand for four each.
    const predictions = Array.from({ length: 12_000 }, (_, index) =>
      prediction(`id-${index}`, MONDAY_MS + (index % 3_000) * 1_000, {
        samplingProbability: index % 4 === 0 ? 1 : 0.25,
        vectors: { text: Float32Array.of(index % 4 === 0 ? 1 : 0, index, 0) },
      }),
    );
    for (let from = 0; from < predictions.length; from += 3_000) {
      await write({ predictions: predictions.slice(from, from + 3_000) });
    }
    const [sample] = await readVectorSamples(store, REQUEST, [TEXT]);
    assert.ok(sample);
    assert.equal(sample.rows, 2_000);
    assert.equal(new Set(sample.ids).size, 2_000);
    for (let row = 0; row < sample.rows; row++) {
      assert.equal(`id-${sample.values[3 * row + 1]}`, sample.ids[row]);
    }
    let certain = 0;
    for (let row = 0; row < sample.rows; row++) certain += sample.values[3 * row]!;
    // 1 of 13; five standard deviations are 60.
    assert.ok(Math.abs(certain - 2_000 / 13) < 60, `${certain} of 2,000`);
    await store.execute("OPTIMIZE TABLE vector FINAL");
    assert.deepEqual((await readVectorSamples(store, REQUEST, [TEXT]))[0], sample);
  }));
