import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { simplexMinimum } from "../../src/index.ts";

const close = (found: readonly number[], want: readonly number[], tolerance = 1e-9) => {
  assert.equal(found.length, want.length);
  for (const [index, value] of want.entries()) {
    assert.ok(Math.abs(found[index]! - value) <= tolerance, `${found} for ${want}`);
  }
};

test("known minima: independent errors, a useless member, a member that is better than all, members that are one", () => {
  close(
    simplexMinimum([
      [1, 0],
      [0, 3],
    ]),
    [0.75, 0.25],
  );
  close(
    simplexMinimum([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
    [1 / 3, 1 / 3, 1 / 3],
  );
  // A copy with noise of its own on top adds nothing.
  close(
    simplexMinimum([
      [1, 1],
      [1, 2],
    ]),
    [1, 0],
  );
  close(
    simplexMinimum([
      [0, 0],
      [0, 5],
    ]),
    [1, 0],
  );
  close(simplexMinimum([[2]]), [1]);
  assert.deepEqual(simplexMinimum([]), []);
  const same = simplexMinimum([
    [1, 1],
    [1, 1],
  ]);
  close([same[0]! + same[1]!], [1]);
});

test("whatever the members, no weights on the simplex are better: the conditions of Karush, Kuhn and Tucker hold", () => {
  const errors = fc.integer({ min: 1, max: 8 }).chain((members) =>
    fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: members, maxLength: members }), {
      minLength: 1,
      maxLength: 40,
    }),
  );
  fc.assert(
    fc.property(errors, (rows) => {
      const size = rows[0]!.length;
      const q = Array.from({ length: size }, (_, i) =>
        Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
      );
      const weights = simplexMinimum(q);
      assert.ok(weights.every((weight) => weight >= 0));
      assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
      const slopes = q.map((row) => row.reduce((sum, value, index) => sum + value * weights[index]!, 0));
      const least = Math.min(...slopes);
      const scale = Math.max(1e-12, ...q.map((row, index) => row[index]!));
      for (const [index, weight] of weights.entries()) {
        if (weight > 1e-6) assert.ok(slopes[index]! - least <= 1e-6 * scale, `${slopes} at ${weights}`);
      }
    }),
    { numRuns: 200, seed: 11 },
  );
});

test("a matrix that is none is refused", () => {
  assert.throws(() => simplexMinimum([[1, 0]]), /row 0 has 2 elements; expected 1/);
  assert.throws(() => simplexMinimum([[Number.NaN]]), /not finite/);
});
