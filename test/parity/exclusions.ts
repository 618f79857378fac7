import type { FixtureCase } from "./fixture-file.ts";
import { hasData } from "./nannyml-data.ts";
import { reproductions } from "./reproductions.ts";
import { TABLE, type TableInput } from "./table-cases.ts";

interface Exclusion {
  readonly fn: RegExp;
  /** All cases of the function where left out. */
  readonly id?: RegExp;
  readonly reason: string;
}

/** What is not compared, and why. Everything else must pass. */
const EXCLUSIONS: readonly Exclusion[] = [
  {
    fn: /nannyml_multiclass_cbpe$/,
    id: /row (5|16|18|19) /,
    reason:
      "after scaling to a sum of one, rows of equal score differ, and NannyML ranks them as numpy's unstable sort leaves them: ROC AUC by up to 2.4e-6",
  },
  {
    fn: /chi2_contingency$/,
    id: /tableRxC[12]\/freeman-tukey/,
    reason: "SciPy gives NaN for Freeman-Tukey with an empty cell, where the statistic exists and is given here",
  },
  {
    fn: /jensenshannon$/,
    id: /nearly_equal/,
    reason: "SciPy takes the root of a rounding error below 0 (NaN); the distance, 9e-10, is given here",
  },
  {
    fn: /beta\.ppf$/,
    id: /1e-300\/2\/30/,
    reason: "SciPy is wrong by 99 orders of magnitude: (p a B(a, b))^(1/a) = 4.6e-152",
  },
  {
    fn: /(ttest_ind|t_test)$/,
    id: /(huge_1e308|big_1e150|tiny_1e-308)/,
    reason: "SciPy's squares overflow or underflow; values are scaled here",
  },
  {
    fn: /(ttest_ind|t_test)$/,
    id: /offset_1e9/,
    reason: "SciPy rounds a mean of 1e9 to 1e-7, 1e-3 of t; the value here is that of exact rational arithmetic",
  },
  {
    fn: /^mean\/var|stattests\.wasserstein$/,
    id: /huge_1e308/,
    reason: "numpy's sum overflows; the mean is given here",
  },
  {
    fn: /^mean\/var/,
    id: /(nan_cur_all|empty_cur)\/moments\/cur/,
    reason: "an empty sample is refused, not described by NaN",
  },
  {
    fn: /multipletests$/,
    id: /with_nan/,
    reason: "a missing p-value is refused; statsmodels counts it as a test and answers differently by method",
  },
  {
    fn: /^(r2|explained_variance)_score$/,
    id: /constant_target\/.*\/w/,
    reason: "all outcomes are equal: scikit-learn divides by the rounding error of their weighted mean (-3.5e30)",
  },
  {
    fn: /^roc_auc_score$/,
    id: /metrics_multiclass.*"ovo", "weights": "w"/,
    reason: "scikit-learn has no weights for one against one; here they are offered",
  },
  {
    fn: /^precision_recall_curve$/,
    id: /all_neg/,
    reason: "no positive row: recall does not exist, so the curve is empty here; scikit-learn warns and sets it to 1",
  },
  {
    fn: /^n?dcg_score$/,
    id: / ties\/n?dcg\/(None|5|10)\/True/,
    reason: "ignore_ties: scikit-learn's order of equal scores is that of an unstable sort",
  },
  {
    fn: /random\.Random$/,
    id: / [258]$/,
    reason: "of CPython's generator only sample is offered; random and getrandbits are not needed",
  },
  {
    fn: /stattests\.cramer_von_mises$/,
    id: /\/(n2_n2|n2_n2_tied|n3_n4|n8_n9_ties|neg_zero)\//,
    reason: "Evidently's own copy of the test fails or rounds for small samples; SciPy's exact p-value is given here",
  },
  {
    fn: /stattests\.TVD$/,
    reason: "not offered: a permutation p-value from 1,000 unseeded draws",
  },
  {
    fn: /stattests\.(g_test|fisher_exact)$/,
    reason:
      "not offered: Evidently's versions fail for samples of unequal size or take categories by their order of appearance",
  },
  {
    fn: /hellinger \(continuous\)/,
    id: /huge_1e308/,
    reason: "numpy's bins overflow to NaN; a range that is not finite is refused here",
  },
  {
    fn: /frouros.*\.HDDM[AW]$/,
    reason:
      "not offered: frouros' two-sided HDDM says drift 16 times in 500 zeros; river's (the authors') is reproduced",
  },
  {
    fn: /frouros.*\.KL\(\)$/,
    id: /(constant_same|all_zero_vs_tiny|n1_n1_equal)\//,
    reason: "all values are equal: frouros compares shares of an interval without width; refused here",
  },
  {
    fn: /stattests\.hellinger$/,
    id: /(tiny_1e-308|offset_1e9)\//,
    reason: "numpy's bins of 1e-308 underflow to NaN, those at 1e9 are off by their own rounding",
  },
  {
    fn: /stattests\.es$/,
    id: /binary_01\//,
    reason: "SciPy's covariance of two values has rank 1 or 2, as its rounding decides",
  },
  {
    fn: /frouros.*\.(JS|KL)\(\)$/,
    id: /(tiny_1e-308|offset_1e9)\//,
    reason: "numpy's bins of 1e-308 underflow to NaN, those at 1e9 are off by their own rounding",
  },
  {
    fn: /frouros.*\.ADWIN$/,
    reason:
      "not offered: frouros' ADWIN leaves out the newest bucket of every size and refuses sums below 0; river's is reproduced",
  },
  {
    fn: /frouros.*\.STEPD$/,
    reason: "not offered: frouros' STEPD says drift 8 times in 500 zeros, and never warns",
  },
  {
    fn: /frouros.*KuiperTest/,
    reason: "not offered: the p-values are those of an asymptotic series beyond its range (NaN, or below 0)",
  },
];

/** The reason for which a case is left out, or null. */
export function exclusionOf(file: string, entry: FixtureCase): string | null {
  if (entry.fn.startsWith(TABLE) && !reproductions.has(entry.fn)) return "a table of a whole run that is not compared";
  if (entry.fn.startsWith(TABLE) && !hasData(entry.input as unknown as TableInput))
    return "a table whose data set does not lie beside its folder, in ../data";
  const found = EXCLUSIONS.find(
    ({ fn, id }) => fn.test(entry.fn) && (id === undefined || id.test(`${file} ${entry.id}`)),
  );
  return found?.reason ?? null;
}
