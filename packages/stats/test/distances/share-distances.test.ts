import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bhattacharyyaCoefficient,
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  lInfinityDistance,
  psiWithFloor,
} from "@tidemark/stats";
import fc from "fast-check";

type Distance = (p: readonly number[], q: readonly number[]) => number;

const symmetric: readonly [string, Distance, number][] = [
  ["Jensen-Shannon", (p, q) => jensenShannonDistance(p, q), 1],
  ["Hellinger", hellingerDistance, 1],
  ["L-infinity", lInfinityDistance, 1],
  ["PSI", (p, q) => psiWithFloor(p, q), Number.POSITIVE_INFINITY],
];
const counts = fc
  .array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 12 })
  .filter((bins) => bins.some(([p]) => p > 0) && bins.some(([, q]) => q > 0))
  .map((bins) => [bins.map(([p]) => p), bins.map(([, q]) => q)] as const);

for (const [name, distance, largest] of symmetric) {
  test(`${name} is 0 for equal shares, symmetric and within its bounds`, () => {
    fc.assert(
      fc.property(counts, ([p, q]) => {
        const value = distance(p, q);
        assert.ok(value >= 0 && value <= largest * (1 + 1e-12));
        assert.ok(Math.abs(value - distance(q, p)) <= 1e-12 * value);
        assert.equal(distance(p, p), 0);
      }),
    );
  });

  test(`${name} refuses negative, empty and unequal bins by name`, () => {
    assert.throws(() => distance([1, -1], [1, 1]), /p\[1\] is -1/);
    assert.throws(() => distance([1, 1], [0, 0]), /q sums to 0/);
    assert.throws(() => distance([1, 1], [1, Number.NaN]), /q\[1\] is NaN/);
    assert.throws(() => distance([1], [1, 1]), /p has 1 bins, q 2/);
  });
}

test("Kullback-Leibler is at least 0, infinite off the support of q, and above 2 TV^2 (Pinsker)", () => {
  fc.assert(
    fc.property(counts, ([p, q]) => {
      const divergence = kullbackLeiblerDivergence(p, q);
      const covered = p.every((count, i) => count === 0 || q[i]! > 0);
      assert.equal(Number.isFinite(divergence), covered);
      const [pSum, qSum] = [p, q].map((side) => side.reduce((sum, count) => sum + count, 0)) as [number, number];
      const variation = p.reduce((sum, count, i) => sum + Math.abs(count / pSum - q[i]! / qSum), 0) / 2;
      assert.ok(divergence >= 2 * variation ** 2 - 1e-12);
    }),
  );
  assert.equal(kullbackLeiblerDivergence([2, 4], [1, 2]), 0);
});

test("Hellinger and Bhattacharyya belong together", () => {
  assert.ok(Math.abs(bhattacharyyaCoefficient([1, 3], [2, 2]) - (1 - hellingerDistance([1, 3], [2, 2]) ** 2)) < 1e-15);
});

test("a tiny change of shares keeps its digits", () => {
  const shift = 1e-9;
  const expected = Math.sqrt((shift * shift) / 2 / (2 * Math.LN2));
  const found = jensenShannonDistance([0.5, 0.5], [0.5 + shift / Math.SQRT2, 0.5 - shift / Math.SQRT2]);
  assert.ok(Math.abs(found / expected - 1) < 1e-6, `${found} ${expected}`);
});
