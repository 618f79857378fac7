import assert from "node:assert/strict";
import { test } from "node:test";
import { stabilityTest } from "@tidemark/stats";
import { drawCounts, seededRandom } from "../detection/random.ts";

const EVEN = new Array<number>(10).fill(0.1);
const FINE = new Array<number>(20).fill(0.05);

/** Share of stable windows with p <= 0.05. */
function rejectedShare(probabilities: readonly number[], rows: number, options: Parameters<typeof stabilityTest>[2]) {
  const random = seededRandom(rows);
  const rounds = 400;
  let rejected = 0;
  for (let round = 0; round < rounds; round++) {
    const window = drawCounts(random, probabilities, rows);
    const { pValue, value, threshold } = stabilityTest(window, drawCounts(random, probabilities, 1_000), options);
    if (pValue <= 0.05) rejected += 1;
    if (value > threshold * (1 + 1e-9)) assert.ok(pValue <= 0.05 + 1e-9, "beyond the line, so improbable");
  }
  return rejected / rounds;
}

// Four standard errors of a share of 0.05 in 400 rounds are 0.044.
const BAND = 0.044;

test("with 20 expected rows a bin, chi-square rejects 5 % of stable windows at 5 %, for PSI and JS", () => {
  for (const metric of ["psi", "js"] as const) {
    const share = rejectedShare(EVEN, 400, { metric, method: "chi-square" });
    assert.ok(Math.abs(share - 0.05) < BAND, `${metric} ${share}`);
  }
});

test("at 5 expected rows a bin Monte Carlo keeps its level, where chi-square rejects twice too often", () => {
  const share = rejectedShare(FINE, 100, { draws: 99 });
  assert.ok(Math.abs(share - 0.05) < BAND, `${share}`);
  const byChiSquare = rejectedShare(FINE, 100, { method: "chi-square" });
  assert.ok(byChiSquare > 0.05 + BAND, `${byChiSquare}`);
});

test("auto goes by the expected rows of the rarest bin", () => {
  const reference = [500, 500];
  assert.equal(stabilityTest([50, 50], reference).method, "chi-square");
  assert.equal(stabilityTest([15, 15], reference).method, "monte-carlo");
  const { value, pValue, degreesOfFreedom } = stabilityTest([50, 50], [480, 520]);
  assert.ok(Math.abs(value - 0.0016) < 1e-4 && degreesOfFreedom === 1 && Math.abs(pValue - 0.702) < 1e-3, `${pValue}`);
});

test("drift is found by both, and the Monte-Carlo p-value repeats with its seed", () => {
  const shifted = [20, 5, 3, 1, 1];
  const reference = [40, 60, 50, 30, 20];
  const first = stabilityTest(shifted, reference);
  assert.deepEqual(first, stabilityTest(shifted, reference));
  assert.ok(first.method === "monte-carlo" && first.pValue < 0.01);
  const many = stabilityTest(
    shifted.map((count) => 100 * count),
    reference.map((count) => 100 * count),
  );
  assert.ok(many.method === "chi-square" && many.pValue < 1e-20);
});

test("two bins: Monte Carlo agrees with the exact hypergeometric probability", () => {
  // 2 of 12 rows, 3 of them of a kind: P(both) = 3 / 66, and both is the most extreme table.
  const { pValue } = stabilityTest([2, 0], [1, 9], { draws: 20_000 });
  assert.ok(Math.abs(pValue - 3 / 66) < 0.006, `${pValue}`);
});

test("weights: the effective sizes stand for the rows", () => {
  const counts = [
    [300, 100],
    [500, 500],
  ] as const;
  const unweighted = stabilityTest(...counts);
  const weighted = stabilityTest(...counts, { effectiveSizes: { window: 40, reference: 1_000 } });
  assert.ok(weighted.method === "chi-square" && weighted.pValue > 1e4 * unweighted.pValue);
  assert.ok(weighted.threshold > unweighted.threshold && weighted.value === unweighted.value);
});

test("a single bin cannot change; what does not fit is refused by name", () => {
  assert.equal(stabilityTest([5], [7]).pValue, 1);
  assert.equal(stabilityTest([500, 0], [700, 0]).pValue, 1);
  assert.throws(() => stabilityTest([1], [1, 2]), /window has 1 bins, reference 2/);
  assert.throws(() => stabilityTest([0, 0], [1, 2]), /window sums to 0/);
  assert.throws(() => stabilityTest([1, Number.NaN], [1, 2]), /window holds NaN/);
  assert.throws(() => stabilityTest([1.5, 2], [1, 2]), /window\[0\] is 1.5/);
  assert.throws(() => stabilityTest([1, 2], [1, 2], { level: 0 }), /level is 0/);
  assert.throws(() => stabilityTest([1, 2], [1, 2], { draws: 0 }), /draws is 0/);
  const sizes = { window: 0, reference: 1 };
  assert.throws(() => stabilityTest([1, 2], [1, 2], { effectiveSizes: sizes }), /effectiveSizes.window is 0/);
});
