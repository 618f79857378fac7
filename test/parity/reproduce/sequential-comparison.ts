import {
  asymptoticSequence,
  comparisonVerdict,
  EmpiricalBernsteinSequence,
  harmState,
  ksTest,
  meanUpperBound,
  rocAuc,
} from "@tidemark/stats";
import { type ReproductionGroup, specified } from "./reproduction.ts";

/** Comparison of models and harm: the functions here under the names of the specification (ESTIMATION.md). */
export const sequentialComparison: ReproductionGroup = specified({
  eb_seq: ({ lo, hi, alpha, x }) => {
    const sequence = new EmpiricalBernsteinSequence({ range: [lo, hi], alpha });
    return x.map((value: number) => Object.values(sequence.update(value)));
  },
  asymp_cs: ({ n, s1, s2, alpha, t_opt }) =>
    Object.values(asymptoticSequence({ count: n, sum: s1, sumOfSquares: s2 }, { alpha, tunedCount: t_opt })),
  verdict: ({ l, u, n, delta, n_min }) =>
    comparisonVerdict({ lower: l, upper: u }, n, { equivalenceMargin: delta, minCount: n_min }),
  harm_state: ({ l_target, u_ref, tol, n, n_min }) =>
    harmState({ riskLower: l_target, referenceUpper: u_ref, tolerance: tol, count: n, minCount: n_min }),
  eb_upper: ({ x, alpha, rng }) => meanUpperBound(x, { alpha, rangeWidth: rng }),
  auc: ({ score, y }) =>
    rocAuc(score.map((s: number, i: number) => ({ score: s, positive: y[i] === 1, weight: 1, squaredWeight: 1 })))
      .value,
  ks2: ({ a, b }) => ksTest(a, b).statistic,
});
