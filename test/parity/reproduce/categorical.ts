import {
  type Alternative,
  contingencyTest,
  type DivergenceKind,
  fisherExactTest,
  goodnessOfFitTest,
  proportionsTest,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { categoryCounts } from "./category-counts.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

type Table = readonly (readonly number[])[];

const ALTERNATIVES: Readonly<Record<string, Alternative>> = { smaller: "less", larger: "greater" };

function tableOf(entry: FixtureCase): Table {
  if (Array.isArray(entry.args["table"])) return entry.args["table"] as Table;
  const { reference, window } = categoryCounts(entry);
  return [reference, window];
}

function alternativeOf(entry: FixtureCase): Alternative {
  const name = entry.args["alternative"] as Alternative;
  return ALTERNATIVES[name] ?? name;
}

function goodnessOfFit(kind: DivergenceKind) {
  return reproduce((entry) => {
    const { reference, window } = categoryCounts(entry);
    const { statistic, pValue } = goodnessOfFitTest(window, reference, kind);
    return { statistic, pvalue: pValue };
  });
}

/** Tests of tables of counts, scipy.stats and statsmodels. */
export const categorical: ReproductionGroup = {
  "contingency table": reproduce((entry) => {
    const { categories, reference, window } = categoryCounts(entry);
    return { categories, ref: reference, cur: window };
  }),
  "scipy.stats.chi2_contingency": reproduce((entry) => {
    const { correction, lambda_: kind } = entry.args as { correction?: boolean; lambda_?: DivergenceKind };
    const result = contingencyTest(tableOf(entry), {
      correction: correction ?? true,
      ...(kind === undefined ? {} : { statistic: kind }),
    });
    const { statistic, pValue, degreesOfFreedom, expected } = result;
    return { statistic, pvalue: pValue, dof: degreesOfFreedom, expected_freq: expected };
  }),
  "scipy.stats.chisquare": goodnessOfFit("pearson"),
  "scipy.stats.power_divergence": goodnessOfFit("log-likelihood"),
  "scipy.stats.fisher_exact": reproduce(
    (entry) => {
      const table = tableOf(entry) as [[number, number], [number, number]];
      const { statistic, pValue } = fisherExactTest(table, alternativeOf(entry));
      return { statistic, pvalue: pValue };
    },
    // Below the smallest normal double SciPy gives 0.
    { absolute: 1e-307 },
  ),
  "statsmodels.stats.proportion.proportions_ztest": reproduce((entry) => {
    const [[a, b], [c, d]] = (Array.isArray(entry.args["nobs"]) ? tableOfCounts(entry) : tableOf(entry)) as [
      [number, number],
      [number, number],
    ];
    const first = { count: b, n: a + b };
    const second = { count: d, n: c + d };
    const { statistic, pValue } = proportionsTest(first, second, alternativeOf(entry));
    return { z: statistic, pvalue: pValue };
  }),
};

function tableOfCounts(entry: FixtureCase): Table {
  const { count, nobs } = entry.args as { count: number[]; nobs: number[] };
  return count.map((hits, i) => [nobs[i]! - hits, hits]);
}
