import {
  type FaultKind,
  findDataFaults,
  findWeakSegments,
  firstCause,
  splitByFeature,
  splitPerformance,
} from "@tidemark/stats";
import { type ReproductionGroup, specified } from "./reproduction.ts";

function stratumSums(strata: number[], loss: number[], count: number) {
  const sums = { n: new Float64Array(count), sum: new Float64Array(count), sumOfSquares: new Float64Array(count) };
  strata.forEach((g, i) => {
    sums.n[g]! += 1;
    sums.sum[g]! += loss[i]!;
    sums.sumOfSquares[g]! += loss[i]! ** 2;
  });
  return sums;
}

/** Causes of a change: the functions here under the names of the specification (ESTIMATION.md). */
export const causesOfChange: ReproductionGroup = specified({
  quality_faults: ({ ref, cur }) => {
    return findDataFaults(ref, cur).map(({ kind, features, factor, severity }) => [
      kind,
      factor === undefined ? features : [...features, factor],
      severity,
    ]);
  },
  kob: ({ g_r, l_r, g_c, l_c, G, n_min }) => {
    const split = splitPerformance(stratumSums(g_r, l_r, G), stratumSums(g_c, l_c, G), n_min);
    return {
      total: split.total,
      se_total: split.totalError,
      mix: split.mix,
      within: split.within,
      new: split.new,
      gone: split.gone,
      se_mix: split.mixError,
      se_within: split.withinError,
      support_r: split.referenceSupport,
      support_c: split.currentSupport,
      seg_mix: split.stratumMix,
      seg_within: split.stratumWithin,
    };
  },
  oaxaca: ({ codes_r, l_r, codes_c, l_c, sizes, lam }) =>
    splitByFeature({ codes: codes_r, sizes, loss: l_r }, { codes: codes_c, sizes, loss: l_c }, lam),
  weak_segments: (input) => {
    const { segments, testedCount } = findWeakSegments(input, { minRows: input.n_min });
    const kept = segments.map((s) => ({
      sel: s.features,
      code: s.codes.reduce((key, code, i) => (i === 0 ? code : key * input.sizes[s.features[i]!] + code), 0),
      n: s.n,
      mean: s.mean,
      ref: s.comparedMean,
      gap: s.gap,
      se: s.gapError,
      p: s.pValue,
      p_holm: s.adjustedPValue,
      score: s.score,
    }));
    return { tested: testedCount, kept };
  },
  first_cause: ({ n_cur, n_expected, faults, split, dom_auc, dom_n, tol }) =>
    firstCause({
      rowCount: n_cur,
      expectedCount: n_expected,
      faults: faults.map((fault: [FaultKind]) => fault[0]),
      ...(split && {
        split: { within: split.within, withinError: split.se_within, mix: split.mix, mixError: split.se_mix },
      }),
      domainAuc: dom_auc,
      domainCount: dom_n,
      tolerance: tol,
    }),
});
