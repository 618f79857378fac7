import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import type { Comparison } from "./comparison.ts";
import type { WindowSpread } from "./effect.ts";
import type { ProbeSums } from "./probe-sums.ts";

export interface ScoreTest {
  /** Bonferroni over the tests made: evidence of any difference, however small; asymptotic. */
  readonly pValue: number;
  /** Standard normal scores of location and scale; null for categorical bins. */
  readonly scores: readonly [number, number] | null;
  /** The omnibus test over groups, and groups - 1. */
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
}

/**
 * Tests a window for any difference from its reference, the reference's own error included (DETECTION 3): location and
 * scale by their probes (numeric), and chi-square over groups of bins.
 *
 * @param spread variance inflation of the rows and variance between whole windows, of location and scale.
 */
export function scoreTest(
  { rows, referenceTotal, windowShares, referenceShares }: Comparison,
  probes: ProbeSums | null,
  { variance, between }: WindowSpread,
): ScoreTest {
  const effectiveRows = 1 / (Math.max(...variance) / rows + Math.max(...between) + 1 / referenceTotal);
  let chiSquare = 0;
  for (let group = 0; group < windowShares.length; group++) {
    const share = windowShares[group]!;
    const expected = referenceShares[group]!;
    const pooled = (rows * share + referenceTotal * expected) / (rows + referenceTotal);
    chiSquare += (share - expected) ** 2 / pooled;
  }
  const degreesOfFreedom = windowShares.length - 1;
  chiSquare = degreesOfFreedom > 0 ? chiSquare * effectiveRows : 0;
  const omnibus = degreesOfFreedom > 0 ? chiSquareUpperTail(chiSquare, degreesOfFreedom) : 1;
  if (probes === null) return { pValue: omnibus, scores: null, chiSquare, degreesOfFreedom };
  const score = (probe: 0 | 1) =>
    probes.sums[probe] /
    Math.sqrt(probes.rows * variance[probe] + probes.rows ** 2 * between[probe] + probes.referenceVariance);
  const scores = [score(0), score(1)] as const;
  const smallest = Math.min(omnibus, ...scores.map((z) => 2 * normalCdf(-Math.abs(z), 0, 1)));
  return { pValue: Math.min(1, 3 * smallest), scores, chiSquare, degreesOfFreedom };
}
