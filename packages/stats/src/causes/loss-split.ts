import { exactQuantile } from "../descriptive/exact-quantile.ts";
import type { DomainWeights } from "../estimation/domain-weights.ts";
import { type CodedRows, linearPredictors, ridgeLeastSquares } from "../estimation/ridge-regression.ts";
import { type PerformanceSplit, type StratumSums, splitPerformance } from "./performance-split.ts";

/** Strata: bins of the expected loss by bins of the domain score. */
export interface SplitBins {
  readonly loss: number;
  readonly domain: number;
}

const MEASURED_BINS: SplitBins = { loss: 10, domain: 5 };
const PENALTY = 10;

/** Coded rows and the loss of each. */
export type LossRows = CodedRows & { readonly loss: ArrayLike<number> };

/**
 * The split of a change of mean loss into covariate and concept parts over strata: bins of the loss that ridge least squares on the
 * reference predicts, by bins of the cross-fitted score that tells window from reference.
 *
 * @param domain of the same rows, from `domainWeights(reference, current)`.
 * @param bins ten by five, as ESTIMATION 2.1 measured; a stratum needs 20 rows on either side, so small windows want fewer.
 * @throws RangeError where a side has no rows.
 */
export function splitLoss(
  reference: LossRows,
  current: LossRows,
  domain: DomainWeights,
  bins: SplitBins = MEASURED_BINS,
): PerformanceSplit {
  const beta = ridgeLeastSquares(reference, reference.loss, { penalty: PENALTY });
  const [before, now] = [linearPredictors(reference, beta), linearPredictors(current, beta)];
  const lossEdges = quantileEdges(before, bins.loss);
  const domainEdges = quantileEdges(joined(domain.referenceScores, domain.currentScores), bins.domain);
  const sums = (losses: ArrayLike<number>, expected: Float64Array, scores: ArrayLike<number>): StratumSums => {
    const empty = () => new Float64Array(bins.loss * bins.domain);
    const cells = { n: empty(), sum: empty(), sumOfSquares: empty() };
    expected.forEach((value, at) => {
      const cell = binOf(value, lossEdges) * bins.domain + binOf(scores[at]!, domainEdges);
      cells.n[cell]! += 1;
      cells.sum[cell]! += losses[at]!;
      cells.sumOfSquares[cell]! += losses[at]! ** 2;
    });
    return cells;
  };
  return splitPerformance(
    sums(reference.loss, before, domain.referenceScores),
    sums(current.loss, now, domain.currentScores),
  );
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function quantileEdges(values: Float64Array, bins: number): number[] {
  const sorted = values.toSorted();
  return Array.from({ length: bins - 1 }, (_, k) => exactQuantile(sorted, (k + 1) / bins));
}

function binOf(value: number, edges: readonly number[]): number {
  let bin = 0;
  while (bin < edges.length && value >= edges[bin]!) bin++;
  return bin;
}
