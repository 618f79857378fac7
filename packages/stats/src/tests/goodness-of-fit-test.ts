import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import { type DivergenceKind, powerDivergence } from "./power-divergence.ts";
import type { TestResult } from "./test-result.ts";

/**
 * Test that counts follow given shares. The shares are taken as exact: against a finite reference sample use contingencyTest, which
 * counts the reference's own noise too.
 *
 * @param observed counts of at least 0, at least one row in all.
 * @param shares weights of at least 0, as many, not all 0; they are normalised.
 * @param kind Pearson's chi-square by default; `log-likelihood` is the G test.
 * @returns the p-value is null with a single bin. A bin of share 0 that was seen gives an infinite statistic and p-value 0.
 * @throws RangeError naming the argument that is empty, negative, or of another length.
 * Source: K. Pearson, Philosophical Magazine 50 (1900), doi:10.1080/14786440009463897.
 * @example goodnessOfFitTest([8, 12], [1, 1]) // statistic 0.8, pValue 0.371
 */
export function goodnessOfFitTest(
  observed: readonly number[],
  shares: readonly number[],
  kind: DivergenceKind = "pearson",
): TestResult {
  if (observed.length !== shares.length) {
    throw new RangeError(`shares has ${shares.length} bins; expected ${observed.length}, as observed`);
  }
  const rows = positiveSum("observed", observed);
  const total = positiveSum("shares", shares);
  const expected = shares.map((share) => (share / total) * rows);
  const statistic = powerDivergence(observed, expected, kind);
  if (Number.isNaN(statistic)) throw new RangeError("observed has counts beyond what a statistic can be made of");
  return { statistic, pValue: observed.length === 1 ? null : chiSquareUpperTail(statistic, observed.length - 1) };
}

function positiveSum(name: string, values: readonly number[]): number {
  const negative = values.find((value) => !(value >= 0));
  if (negative !== undefined) throw new RangeError(`${name} holds ${negative}; expected numbers of at least 0`);
  const sum = values.reduce((total, value) => total + value, 0);
  if (!(sum > 0 && Number.isFinite(sum))) throw new RangeError(`${name} sums to ${sum}; expected a finite sum above 0`);
  return sum;
}
