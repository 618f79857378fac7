import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { HistogramCounts } from "@tidemark/sketches";
import fc from "fast-check";
import { planModel } from "../../src/aggregate/feature-plan.ts";
import { ModelAggregate } from "../../src/aggregate/model-aggregate.ts";
import { createModelLayout } from "../../src/aggregate/model-layout.ts";
import { PredictionReader } from "../../src/aggregate/prediction-reader.ts";
import type { ProfileJson } from "../../src/index.ts";
import type { FeatureKind, ModelDescription } from "../../src/model-description.ts";
import { readProfile } from "../../src/profile/read-profile.ts";
import { DropCounter } from "../../src/safety/drop-counter.ts";

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const numericField = (name: string) =>
  ({ kind: "numeric", target: "feature", name, boundaries: [0], range: { min: null, max: 100 } }) as const;
const PROFILE: ProfileJson = {
  id: "",
  model: { name: "m" },
  fields: [
    numericField("a"),
    { kind: "categorical", target: "feature", name: "c", categories: ["x", "7"], otherCategories: ["y"] },
    numericField("b"),
  ],
};

function createReader(more: Partial<ModelDescription> = {}) {
  const description = { name: "m", version: "1", profile: PROFILE, ignoredInputs: ["order"], ...more };
  const layout = createModelLayout(planModel(description, readProfile(PROFILE, "m")), 10_000);
  const drops = new DropCounter();
  const predictions = new PredictionReader(layout, drops);
  const counts = new ModelAggregate(layout);
  const reader = {
    read(inputs: Readonly<Record<string, unknown>>) {
      predictions.readObject(inputs, {});
      counts.add(predictions.reading);
    },
    readRow(row: Float64Array | Float32Array) {
      predictions.readRow(row, {});
      counts.add(predictions.reading);
    },
  };
  const allStates = () => [...counts.numeric, ...counts.categorical].map((feature) => [...feature.states]);
  return {
    reader,
    drops,
    counts,
    /** Valid, missing and type_mismatch of each feature: a, b, c. */
    states: () => allStates().map((states) => states.slice(0, 3)),
    allStates,
    histogram: () => [...(counts.numeric[0]!.histogram as HistogramCounts).counts],
  };
}

describe("PredictionReader", () => {
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
    const features = Object.fromEntries(names.map((name): [string, FeatureKind] => [name, "numeric"]));
    const { reader, counts } = createReader({ features });
    reader.read(Object.fromEntries(names.map((name, index) => [name, index])));
    assert.deepEqual(
      counts.numeric.map(({ histogram }) => histogram.sum),
      names.map((_, index) => index),
    );
  });

  it("passes over names that are to be ignored", () => {
    const { reader, states, drops } = createReader();
    for (let time = 0; time < 2; time++) reader.read({ order: 7, a: 1, b: 2, c: "x" });
    assert.equal(drops.countOf("unknown_feature"), 0);
    assert.deepEqual(states()[0], [2, 0, 0]);
  });

  it("reads a row in the declared order, a category by its code", () => {
    const { reader, allStates, counts, histogram } = createReader();
    reader.readRow(Float64Array.of(1, 7, -1));
    reader.readRow(Float32Array.of(101, 8, Number.NaN));
    assert.deepEqual(histogram(), [0, 2]);
    assert.deepEqual([...counts.categorical[0]!.categories.counts], [0, 1, 1]);
    assert.deepEqual(allStates(), [
      [1, 0, 0, 1, 0, 0],
      [1, 0, 0, 0, 0, 1],
      [1, 0, 0, 0, 1, 0],
    ]);
  });

  it("takes codes for the categories that they are declared to stand for", () => {
    const { reader, allStates, counts } = createReader({ codes: { c: ["7", "x", "y", "z"] } });
    for (const code of [0, 1, 2, 3, 4, 0.5, -1]) reader.readRow(Float64Array.of(1, code, 1));
    assert.deepEqual([...counts.categorical[0]!.categories.counts], [1, 1, 5]);
    // y is known; z, 4, 0.5 and -1 are not.
    assert.deepEqual(allStates()[2], [3, 0, 0, 0, 4, 0]);
  });

  it("counts a row of another shape as a type mismatch of every feature", () => {
    const { reader, states, drops } = createReader();
    for (const row of [new Float64Array(2), new Float64Array(4), new Float64Array(0)]) reader.readRow(row);
    assert.deepEqual(states(), [
      [0, 0, 3],
      [0, 0, 3],
      [0, 0, 3],
    ]);
    assert.equal(drops.countOf("wrong_shape"), 3);
  });

  it("counts a row as it counts an object of the same numbers", () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, 7, 1, 100, 101));
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number, number)), (rows) => {
        const byRow = createReader();
        const byName = createReader();
        for (const [a, c, b] of rows) {
          byRow.reader.readRow(Float64Array.of(a, c, b));
          byName.reader.read({ a, c, b });
        }
        assert.deepEqual(byRow.allStates(), byName.allStates());
        assert.deepEqual(byRow.histogram(), byName.histogram());
        assert.deepEqual(
          byRow.counts.categorical[0]!.categories.counts,
          byName.counts.categorical[0]!.categories.counts,
        );
      }),
    );
  });

  it("survives a getter that records a prediction of its own", () => {
    const { reader, states } = createReader();
    reader.read({
      get a(): number {
        reader.read({ a: "text", b: null });
        return 1;
      },
      b: 2,
      c: "x",
    });
    assert.deepEqual(states(), [
      [1, 0, 1],
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });
});
