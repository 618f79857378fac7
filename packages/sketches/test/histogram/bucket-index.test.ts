import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createBucketIndex } from "@tidemark/sketches";
import fc from "fast-check";

const anyNumber = fc.double({ noNaN: true });
/** Values near each other, so that many boundaries share a cell. */
const clustered = fc
  .tuple(fc.constantFrom(0, 1e-300, 1, 1e9), fc.integer({ min: -9, max: 9 }))
  .map(([at, step]) => at + step * 1e-12);

function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from([...new Set(values.map((value) => value + 0))].sort((a, b) => a - b));
}

const boundariesOf = (value: fc.Arbitrary<number>, maxLength: number) => fc.array(value, { maxLength }).map(ascending);

function linearSearch(boundaries: Float64Array, value: number): number {
  let bin = 0;
  while (bin < boundaries.length && boundaries[bin]! < value) bin += 1;
  return bin;
}

function assertFinds(boundaries: Float64Array, values: Iterable<number>): void {
  const index = createBucketIndex(boundaries);
  for (const value of values) {
    assert.equal(index.find(value), linearSearch(boundaries, value), `${value} among ${boundaries}`);
  }
}

const EXTREMES = [
  -Infinity,
  -Number.MAX_VALUE,
  -1,
  -Number.MIN_VALUE,
  -0,
  0,
  Number.MIN_VALUE,
  2 ** -1022,
  1,
  1e308,
  Number.MAX_VALUE,
  Infinity,
];

describe("createBucketIndex", () => {
  it("equals a linear search for any values among any boundaries", () => {
    fc.assert(
      fc.property(boundariesOf(fc.oneof(anyNumber, clustered), 200), fc.array(anyNumber), (boundaries, values) => {
        assertFinds(boundaries, [...values, ...boundaries, ...EXTREMES]);
      }),
    );
  });

  it("equals a linear search around boundaries that are neighbouring doubles", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (start) => {
        const step = Math.max(Number.MIN_VALUE, Math.abs(start) * Number.EPSILON);
        const values = Array.from({ length: 40 }, (_, i) => start + i * step);
        assertFinds(ascending(values.filter((_, i) => i % 2 === 0)), values);
      }),
    );
  });

  it("equals a linear search for every pair of extremes as boundaries", () => {
    for (const first of EXTREMES) {
      for (const second of EXTREMES) assertFinds(ascending([first, second]), EXTREMES);
    }
    assertFinds(ascending(EXTREMES), EXTREMES);
  });

  it("keeps a far tail from slowing the rest: boundaries over 600 orders of magnitude", () => {
    const boundaries = Float64Array.from(
      { length: 161 },
      (_, i) => (i < 80 ? -1 : 1) * 10 ** (i < 80 ? 300 - 7.5 * i : 7.5 * (i - 80) - 300),
    );
    assertFinds(boundaries, boundaries);
  });

  it("puts every value into the one bin of no boundaries", () => {
    assertFinds(new Float64Array(0), EXTREMES);
  });
});
