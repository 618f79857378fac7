import { type AdjustmentMethod, adjustPValues, type ShareIntervalMethod, shareInterval } from "@tidemark/stats";
import { numbersOf, type ReproductionGroup, reproduce } from "./reproduction.ts";

const ADJUSTMENTS: Readonly<Record<string, AdjustmentMethod>> = {
  "simes-hochberg": "hochberg",
  fdr_bh: "benjamini-hochberg",
  fdr_by: "benjamini-yekutieli",
};

const INTERVALS: Readonly<Record<string, ShareIntervalMethod>> = {
  agresti_coull: "agresti-coull",
  beta: "clopper-pearson",
};

/** Corrections for many tests and intervals of shares, statsmodels. */
export const quantilesAndCorrections: ReproductionGroup = {
  "statsmodels.stats.multitest.multipletests": reproduce((entry) => {
    const { method, alpha } = entry.args as { method: AdjustmentMethod; alpha: number };
    const adjusted = adjustPValues(numbersOf(entry, "pvals"), ADJUSTMENTS[method] ?? method);
    return { reject: adjusted.map((p) => p <= alpha), pvals_corrected: adjusted };
  }),
  "statsmodels.stats.proportion.proportion_confint": reproduce(
    (entry) => {
      const { count, nobs, method, alpha } = entry.args as {
        count: number;
        nobs: number;
        method: string;
        alpha: number;
      };
      return shareInterval(count, nobs, INTERVALS[method] ?? (method as ShareIntervalMethod), alpha);
    },
    // A limit that is 0 comes out as 4e-22 at statsmodels.
    { absolute: 1e-20 },
  ),
};
