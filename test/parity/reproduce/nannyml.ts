import {
  contingencyTest,
  equalWidthEdges,
  hellingerDistance,
  histogramCounts,
  jensenShannonDistance,
  ksOnEqualBins,
  ksTest,
  lInfinityDistance,
  wassersteinDistance,
  wassersteinOnEqualBins,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { categoryCounts } from "./category-counts.ts";
import { type ReproductionGroup, reproduce, withoutMissing } from "./reproduction.ts";

const METHOD = "nannyml.drift.univariate.methods";
const ESTIMATED = "calculation_method=estimated, n_bins=10000";
const CALL = "fit(ref)._calculate(cur)";

function numbers(entry: FixtureCase): readonly [number[], number[]] {
  return [withoutMissing(entry.input["ref"] as number[]), withoutMissing(entry.input["cur"] as number[])];
}

/** On Doane's bins of the reference, and one more bin for all values beyond them. */
function continuous(distance: (p: readonly number[], q: readonly number[]) => number) {
  return reproduce((entry) => {
    const [x, y] = numbers(entry);
    const edges = equalWidthEdges(x, "doane");
    const reference = histogramCounts(x, edges);
    const window = histogramCounts(y, edges);
    const rest = window.outside > 0;
    const value = distance(
      rest ? [...reference.counts, 0] : reference.counts,
      rest ? [...window.counts, window.outside] : window.counts,
    );
    return { value, edges, ref_proba: reference.counts.map((count) => count / x.length) };
  });
}

function categorical(distance: (p: readonly number[], q: readonly number[]) => number) {
  return reproduce((entry) => {
    const { reference, window } = categoryCounts(entry);
    return { value: distance(reference, window) };
  });
}

const jensenShannon = (p: readonly number[], q: readonly number[]) => jensenShannonDistance(p, q);

/** NannyML's univariate methods on one pair of samples. */
export const nannyml: ReproductionGroup = {
  [`${METHOD} jensen_shannon (continuous) ${CALL}`]: continuous(jensenShannon),
  [`${METHOD} hellinger (continuous) ${CALL}`]: continuous(hellingerDistance),
  [`${METHOD} kolmogorov_smirnov (continuous) ${CALL}`]: reproduce((entry) => ({
    value: ksTest(...numbers(entry), { method: "asymptotic" }).statistic,
  })),
  [`${METHOD} wasserstein (continuous) ${CALL}`]: reproduce((entry) => {
    const [x, y] = numbers(entry);
    return { value: wassersteinDistance({ values: x }, { values: y }) };
  }),
  [`${METHOD} kolmogorov_smirnov (continuous), ${ESTIMATED}`]: reproduce((entry) => ({
    value: ksOnEqualBins(...numbers(entry)),
  })),
  [`${METHOD} wasserstein (continuous), ${ESTIMATED}`]: reproduce((entry) => ({
    value: wassersteinOnEqualBins(...numbers(entry)),
  })),
  [`${METHOD} jensen_shannon (categorical) ${CALL}`]: categorical(jensenShannon),
  [`${METHOD} hellinger (categorical) ${CALL}`]: categorical(hellingerDistance),
  [`${METHOD} l_infinity (categorical) ${CALL}`]: categorical(lInfinityDistance),
  [`${METHOD} chi2 (categorical) ${CALL}`]: reproduce((entry) => {
    const { reference, window } = categoryCounts(entry);
    const { statistic, pValue } = contingencyTest([reference, window], { correction: true });
    return { value: statistic, pvalue: pValue };
  }),
};
