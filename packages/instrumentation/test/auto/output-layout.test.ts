import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planOutputs } from "../../src/auto/output-layout.ts";
import type { Tensor } from "../../src/auto/tensor.ts";

type Config = NonNullable<Parameters<typeof planOutputs>[1]>;

const NOTHING: Config = {
  score: null,
  label: null,
  value: null,
  probabilities: null,
  classes: null,
  type: null,
  events: { inputs: "none" },
};
const numbers = (name: string, dims: number[], ...data: number[]): Tensor => ({ name, kind: "number", dims, data });
const labels: Tensor = { name: "label", kind: "integer", dims: [2], data: [1n, 0n] };
const probabilities = numbers("probabilities", [2, 2], 0.25, 0.75, 0.875, 0.125);

const read = (tensors: Tensor[], config: Partial<Config> | null = null) => {
  const columns = planOutputs(tensors, config && { ...NOTHING, ...config })(tensors);
  const { probabilities, ...others } = columns;
  return probabilities === undefined ? others : { ...others, probabilities: probabilities.map((each) => each()) };
};

const probabilitiesOf = (...given: Parameters<typeof read>) => {
  const columns = read(...given);
  return "probabilities" in columns ? columns.probabilities : undefined;
};

describe("planOutputs, with nothing configured", () => {
  it("reads a classifier's label and the probability of its second class", () => {
    assert.deepEqual(read([labels, probabilities]), { scores: [0.75, 0.125], labels: [1, 0] });
  });

  it("reads the highest of several probabilities, and its class where there is no label", () => {
    assert.deepEqual(read([numbers("p", [1, 3], 0.5, 0.25, 0.25)]), {
      ...{ scores: [0.5], labels: [0] },
      probabilities: [{ 0: 0.5, 1: 0.25, 2: 0.25 }],
    });
  });

  it("reads one number a row as the value, or as the score where its name or the model's type says so", () => {
    const price = numbers("price", [2, 1], 100, 200);
    assert.deepEqual(read([price]), { values: [100, 200] });
    assert.deepEqual(read([price], { type: "classification" }), { scores: [100, 200] });
    assert.deepEqual(read([numbers("score", [2], 0.5, 0.25)]), { scores: [0.5, 0.25] });
    assert.deepEqual(read([numbers("score", [1], 7)], { type: "regression" }), { values: [7] });
  });

  it("reads anything else by the mean of its rows", () => {
    assert.deepEqual(read([numbers("embedding", [2, 2], 1, 3, -5, 5)]), { values: [2, 0] });
  });

  it("reads nothing of outputs that are no tensors of numbers", () => {
    assert.deepEqual(read([{ name: "map", kind: "other", dims: [2], data: [] }]), {});
    assert.deepEqual(read([]), {});
  });
});

describe("probabilities of three classes or more", () => {
  const rows = numbers("p", [2, 3], 0.5, 0.25, 0.25, 0.125, 0.125, 0.75);
  const classes = ["cat", "dog", "owl"];
  const named = [
    { cat: 0.5, dog: 0.25, owl: 0.25 },
    { cat: 0.125, dog: 0.125, owl: 0.75 },
  ];

  it("go by the names of the classes, also beside a label of the model's own", () => {
    assert.deepEqual(probabilitiesOf([rows], { classes }), named);
    assert.deepEqual(probabilitiesOf([labels, rows], { classes }), named);
    assert.deepEqual(read([rows], { label: { tensor: "p", column: null }, probabilities: "p", classes }), {
      ...{ labels: ["cat", "owl"], probabilities: named },
    });
  });

  it("are left out where a label of the model's own may name the classes in another way, and of more than a hundred", () => {
    assert.equal(probabilitiesOf([labels, rows]), undefined);
    assert.equal(probabilitiesOf([labels, rows], { classes: ["cat", "dog"] }), undefined);
    assert.equal(probabilitiesOf([numbers("p", [1, 101], ...new Array(101).fill(1 / 101))]), undefined);
    assert.equal(probabilitiesOf([rows], { events: false }), undefined);
    assert.equal(probabilitiesOf([probabilities]), undefined, "of two classes the score says all");
  });
});

describe("planOutputs, configured", () => {
  it("takes what is named, and names classes", () => {
    const config = {
      score: { tensor: "probabilities", column: 0 },
      label: { tensor: "label", column: null },
      classes: ["on_time", "late"],
    };
    assert.deepEqual(read([labels, probabilities], config), { scores: [0.25, 0.875], labels: ["late", "on_time"] });
  });

  it("takes the class of the highest of several columns", () => {
    const label = { tensor: "probabilities", column: null };
    assert.deepEqual(read([probabilities], { label, classes: ["on_time", "late"] }), { labels: ["late", "on_time"] });
  });

  it("gives no number where the output is missing, which is counted as one lost", () => {
    assert.deepEqual(read([labels], { score: { tensor: "absent", column: null } }), { scores: [NaN, NaN] });
  });
});
