import type { Alternative, TestResult } from "./test-result.ts";

/** Tables within this relative distance of the observed probability count as equally likely. */
const TIE = 1e-7;

/**
 * Fisher's exact test of a 2 x 2 table [[a, b], [c, d]] with fixed margins.
 *
 * The p-value sums hypergeometric probabilities: of all tables no more likely than the observed one (two-sided), or with a at most
 * (`less`) or at least (`greater`) the observed one. They come from ratios of neighbours, so margins of millions keep 1e-12.
 *
 * @param table whole counts of at least 0.
 * @returns the sample odds ratio a d / (b c): infinite where only b c is 0, null where a margin is 0 (the p-value is then 1).
 * @throws RangeError where a count is negative or not whole.
 * Source: R. A. Fisher, JRSS 98 (1935), doi:10.2307/2342435.
 * @example fisherExactTest([[8, 2], [1, 5]]) // statistic 20, pValue 0.03497
 */
export function fisherExactTest(
  table: readonly [readonly [number, number], readonly [number, number]],
  alternative: Alternative = "two-sided",
): TestResult {
  if (!(table.length === 2 && table.every((row) => row.length === 2))) {
    throw new RangeError("table has another shape than two rows of two counts");
  }
  const [[a, b], [c, d]] = table;
  for (const count of [a, b, c, d]) {
    if (!(count >= 0 && Number.isInteger(count))) throw new RangeError(`table holds ${count}; expected whole counts`);
  }
  if (a + b === 0 || c + d === 0 || a + c === 0 || b + d === 0) return { statistic: null, pValue: 1 };
  const statistic = b * c === 0 ? Number.POSITIVE_INFINITY : (a * d) / (b * c);
  const lowest = Math.max(0, a - d);
  const weights = relativeWeights(a, b, c, d);
  const observed = weights[a - lowest]!;
  let all = 0;
  let counted = 0;
  weights.forEach((weight, i) => {
    all += weight;
    const counts =
      alternative === "two-sided"
        ? weight <= observed * (1 + TIE)
        : alternative === "less"
          ? i <= a - lowest
          : i >= a - lowest;
    if (counts) counted += weight;
  });
  return { statistic, pValue: Math.min(1, counted / all) };
}

/** Probabilities of all tables with these margins, by their first cell, relative to the likeliest. */
function relativeWeights(a: number, b: number, c: number, d: number): Float64Array {
  const lowest = Math.max(0, a - d);
  const highest = Math.min(a + b, a + c);
  const weights = new Float64Array(highest - lowest + 1);
  const mode = Math.floor(((a + b + 1) * (a + c + 1)) / (a + b + c + d + 2));
  const start = Math.min(highest, Math.max(lowest, mode));
  /** P(first cell = x + 1) / P(first cell = x). */
  const ratio = (x: number) => ((a + b - x) * (a + c - x)) / ((x + 1) * (d - a + x + 1));
  weights[start - lowest] = 1;
  for (let x = start; x < highest; x++) weights[x + 1 - lowest] = weights[x - lowest]! * ratio(x);
  for (let x = start; x > lowest; x--) weights[x - 1 - lowest] = weights[x - lowest]! / ratio(x - 1);
  return weights;
}
