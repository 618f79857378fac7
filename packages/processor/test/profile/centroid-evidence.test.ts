import assert from "node:assert/strict";
import { test } from "node:test";
import { centroidEvidence, countVectors, type VectorSample } from "@tidemark/signals";
import { normalQuantile, seededUniform } from "@tidemark/stats";
import { referenceEmbedding } from "../../src/profile/reference-embedding.ts";

const DIMENSION = 128;
const ROWS = 400;
const DAY_MS = 86_400_000;

const uniform = seededUniform(3);
/** Even in all directions but for its mean; a shift is along every fourth element. */
function someValues(rows: number, shift = 0): Float32Array {
  return Float32Array.from(
    { length: rows * DIMENSION },
    (_, i) => 0.5 + normalQuantile(uniform()) + (i % 4 === 0 ? shift : 0),
  );
}

const embedding = referenceEmbedding(
  { name: "v", dimension: DIMENSION, rows: 8_000, missing: 0 },
  { values: someValues(8_000), hours: new Int32Array(8_000) },
  false,
)!;

function windowOf(values: Float32Array, hours: Int32Array): VectorSample {
  const ids = Array.from(hours, (_, row) => `${row}`);
  return {
    name: "v",
    dimension: DIMENSION,
    rows: hours.length,
    values,
    hours,
    ids,
    missing: 0,
    wrongDimension: 0,
    nonFinite: 0,
  };
}

function evidenceOf(sample: VectorSample): number | null {
  return centroidEvidence(embedding, sample, countVectors(embedding, sample), DAY_MS);
}

const spreadHours = Int32Array.from({ length: ROWS }, (_, row) => row % 24);

test("on stable windows it is an e-value: its mean is about 1 at most, and 1,000 is not reached", () => {
  const values = Array.from({ length: 100 }, () => Math.exp(evidenceOf(windowOf(someValues(ROWS), spreadHours))!));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(mean < 1.5, `${mean}`);
  assert.ok(Math.max(...values) < 1000, `${Math.max(...values)}`);
});

test("a shift that lies along none of the directions is proved, in one hour as over a day", () => {
  for (const hours of [spreadHours, new Int32Array(ROWS)]) {
    assert.ok(evidenceOf(windowOf(someValues(ROWS, 0.25), hours))! > Math.log(1000));
  }
});

test("it says nothing of few rows, or where one hour's rows depend on each other", () => {
  assert.equal(evidenceOf(windowOf(someValues(80), spreadHours.slice(0, 80))), null);
  const inflated = embedding.slices.map((slice) => ({
    ...slice,
    varianceInflation: { ...slice.varianceInflation, rows: [2, 2] as [number, number] },
  }));
  const dependent = { ...embedding, slices: inflated };
  const within = (hours: Int32Array) => {
    const sample = windowOf(someValues(ROWS), hours);
    return centroidEvidence(dependent, sample, countVectors(dependent, sample), DAY_MS);
  };
  assert.equal(within(new Int32Array(ROWS)), null);
  assert.notEqual(within(spreadHours), null);
});

test("what days of the reference differ by weakens it", () => {
  const sample = windowOf(someValues(ROWS, 0.25), spreadHours);
  const usual = { ...embedding, periods: { ...embedding.periods, day: { usual: 0.3, between: 0.12 } } };
  assert.ok(centroidEvidence(usual, sample, countVectors(usual, sample), DAY_MS)! < evidenceOf(sample)! / 4);
});
