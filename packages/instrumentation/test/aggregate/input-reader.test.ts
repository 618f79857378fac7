import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { HistogramCounts } from "@tidemark/sketches";
import fc from "fast-check";
import { CategoricalFeature } from "../../src/aggregate/categorical-feature.ts";
import { InputReader } from "../../src/aggregate/input-reader.ts";
import { NumericFeatures } from "../../src/aggregate/numeric-features.ts";
import { DropCounter } from "../../src/safety/drop-counter.ts";

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const unlimited = { boundaries: [0], lowest: -Infinity, highest: Infinity };

function createReader() {
  const numeric = new NumericFeatures([
    { name: "a", ...unlimited },
    { name: "b", ...unlimited },
  ]);
  const categorical = [new CategoricalFeature({ name: "c", categories: ["x"], otherCategories: new Set() })];
  const drops = new DropCounter();
  const reader = new InputReader(numeric, categorical, ["order"], drops);
  const allStates = () => [...numeric.counts, ...categorical].map((feature) => [...feature.states]);
  /** Valid, missing and type_mismatch of each feature. */
  const states = () => allStates().map((counts) => counts.slice(0, 3));
  return {
    reader,
    drops,
    states,
    allStates,
    histogram: () => [...(numeric.counts[0]!.histogram as HistogramCounts).counts],
  };
}

describe("InputReader", () => {
  it("finds features in any order, which may change from record to record", () => {
    const { reader, states } = createReader();
    for (const inputs of [
      { a: 1, b: 2, c: "x" },
      { c: "x", b: 2, a: 1 },
      { b: 2, a: 1, c: "x" },
    ]) {
      reader.read(inputs);
    }
    assert.deepEqual(states(), [
      [3, 0, 0],
      [3, 0, 0],
      [3, 0, 0],
    ]);
  });

  it("gives every feature exactly one state a record, whatever the inputs", () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.constant(undefined), fc.bigInt());
    const inputs = fc.dictionary(fc.constantFrom("a", "b", "c", "other", "toString"), value);
    fc.assert(
      fc.property(fc.array(inputs), (records) => {
        const { reader, allStates } = createReader();
        for (const record of records) reader.read(record);
        for (const counts of allStates()) assert.equal(sum(counts), records.length);
      }),
    );
  });

  it("reads accessors of a class, which enumeration does not show", () => {
    class Flight {
      get a() {
        return 1;
      }
      get b() {
        return 2;
      }
      c = "x";
    }
    const { reader, states } = createReader();
    reader.read(new Flight() as unknown as Record<string, unknown>);
    assert.deepEqual(states(), [
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });

  it("counts a getter that throws as a type mismatch of its own feature and reads the others", () => {
    const { reader, states, drops } = createReader();
    reader.read({
      get a(): number {
        throw new Error("no");
      },
      b: 2,
      c: "x",
    });
    assert.deepEqual(states(), [
      [0, 0, 1],
      [1, 0, 0],
      [1, 0, 0],
    ]);
    assert.equal(drops.countOf("unreadable_feature"), 1);
  });

  it("does not carry a value over from the record before", () => {
    const { reader, states, histogram } = createReader();
    reader.read({ a: 1, b: 1, c: "x" });
    reader.read({ b: 1, c: "x" });
    assert.deepEqual(states()[0], [1, 1, 0]);
    assert.deepEqual(histogram(), [0, 1]);
  });

  it("counts each undeclared name", () => {
    const { reader, drops } = createReader();
    reader.read({ a: 1, z: 1, b: 2, y: 1, c: "x" });
    assert.equal(drops.countOf("unknown_feature"), 2);
  });

  it("reads more features than one generated function holds, whatever their names", () => {
    const names = Array.from({ length: 120 }, (_, index) => `"]; throw 1; // ${index} \u2028`);
    const plans = names.map((name) => ({ name, ...unlimited }));
    const numeric = new NumericFeatures(plans);
    const reader = new InputReader(numeric, [], [], new DropCounter());
    reader.read(Object.fromEntries(names.map((name, index) => [name, index])));
    assert.deepEqual(
      numeric.counts.map(({ histogram }) => histogram!.sum),
      names.map((_, index) => index),
    );
  });

  it("passes over names that are to be ignored", () => {
    const { reader, states, drops } = createReader();
    for (let time = 0; time < 2; time++) reader.read({ order: 7, a: 1, b: 2, c: "x" });
    assert.equal(drops.countOf("unknown_feature"), 0);
    assert.deepEqual(states()[0], [2, 0, 0]);
  });
});
