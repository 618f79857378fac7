import {
  type Alternative,
  type AndersonDarlingVariant,
  andersonDarlingTest,
  cramerVonMisesTest,
  describeSample,
  energyDistance,
  exactQuantile,
  ksTest,
  mannWhitneyTest,
  quantilePsi,
  tTest,
  wassersteinDistance,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { numbersOf, type ReproductionGroup, reproduce, withoutMissing } from "./reproduction.ts";

/** x and y; a null stands for NaN, which the functions refuse, unless the case says that missing values are dropped. */
function samplesOf(entry: FixtureCase, dropped: boolean = isDropped(entry)): readonly [number[], number[]] {
  const names =
    "u_values" in entry.args ? ["u_values", "v_values"] : "x" in entry.args ? ["$ref", "$cur"] : ["ref", "cur"];
  return names.map((name) => {
    const values = numbersOf(entry, name) as readonly (number | null)[];
    return dropped ? withoutMissing(values) : values.map((value) => value ?? Number.NaN);
  }) as unknown as readonly [number[], number[]];
}

function isDropped(entry: FixtureCase): boolean {
  return entry.args["missing"] === "dropped" || entry.args["nan_policy"] === "omit";
}

function weighted(entry: FixtureCase) {
  const [x, y] = samplesOf(entry);
  const { u_weights: ofX, v_weights: ofY } = entry.args as { u_weights?: number[]; v_weights?: number[] };
  return [
    { values: x, ...(ofX === undefined ? {} : { weights: ofX }) },
    { values: y, ...(ofY === undefined ? {} : { weights: ofY }) },
  ] as const;
}

type Method = "auto" | "exact" | "asymptotic";

function methodOf(entry: FixtureCase): Method {
  const method = entry.args["method"] as string;
  return method === "asymp" ? "asymptotic" : (method as Method);
}

/** Where C(n + m, n) exceeds a double, SciPy's one-sided test falls back on the asymptotic p-value; for n = m it does not. */
function pathsOverflow(n: number, m: number): boolean {
  let logarithm = 0;
  for (let i = 1; i <= n; i++) logarithm += Math.log((m + i) / i);
  return n !== m && logarithm > Math.log(Number.MAX_VALUE);
}

/** Tests and distances of raw values, scipy.stats, and the PSI defined in the fixtures. */
export const twoSamples: ReproductionGroup = {
  "scipy.stats.ks_2samp": reproduce((entry) => {
    const [x, y] = samplesOf(entry);
    const alternative = entry.args["alternative"] as Alternative;
    const method = alternative !== "two-sided" && pathsOverflow(x.length, y.length) ? "asymptotic" : methodOf(entry);
    const { statistic, pValue, location, sign } = ksTest(x, y, { alternative, method });
    return { statistic, pvalue: pValue, statistic_location: location, statistic_sign: sign };
  }),
  "scipy.stats.wasserstein_distance": reproduce((entry) => wassersteinDistance(...weighted(entry))),
  "scipy.stats.energy_distance": reproduce((entry) => energyDistance(...weighted(entry))),
  "scipy.stats.cramervonmises_2samp": reproduce(
    (entry) => {
      const { statistic, pValue } = cramerVonMisesTest(...samplesOf(entry), methodOf(entry));
      return { statistic, pvalue: pValue };
    },
    // SciPy's asymptotic p-value is 1 minus a truncated series: below 1e-7 it has no correct digit.
    { absolute: 2e-8 },
  ),
  "scipy.stats.anderson_ksamp": reproduce((entry) => {
    const given = entry.args["samples"] as number[][] | undefined;
    const { statistic, pValue } = andersonDarlingTest(
      given ?? samplesOf(entry, true),
      entry.args["variant"] as AndersonDarlingVariant,
    );
    return { statistic, pvalue: pValue };
  }),
  "scipy.stats.mannwhitneyu": reproduce((entry) => {
    const { statistic, pValue } = mannWhitneyTest(...samplesOf(entry), {
      alternative: entry.args["alternative"] as Alternative,
      method: methodOf(entry),
      continuity: entry.args["use_continuity"] as boolean,
    });
    return { statistic, pvalue: pValue };
  }),
  "scipy.stats.ttest_ind": reproduce((entry) => {
    const { statistic, pValue, degreesOfFreedom } = tTest(...samplesOf(entry), entry.args["equal_var"] as boolean);
    return { statistic, pvalue: pValue, df: degreesOfFreedom };
  }),
  "own.psi_quantile_10": reproduce((entry) => {
    const options = { bins: entry.args["bins"] as number, floor: entry.args["eps"] as number };
    const { psi, edges, referenceShares, windowShares } = quantilePsi(...samplesOf(entry, true), options);
    return { inner_edges: edges, ref_share: referenceShares, cur_share: windowShares, psi };
  }),
  "mean/var/std/skew/kurtosis/min/max/median of non-missing": reproduce((entry) => {
    const [reference, window] = samplesOf(entry, true);
    const description = describeSample(entry.args["x"] === "$ref" ? reference : window);
    return {
      n: description.count,
      mean: description.mean,
      var_ddof0: description.populationVariance,
      var_ddof1: description.variance,
      std_ddof1: description.standardDeviation,
      skew: description.skewness,
      kurtosis: description.excessKurtosis,
      min: description.min,
      max: description.max,
      median: description.median,
      fsum: description.sum,
    };
  }),
  "numpy.quantile": reproduce((entry) => {
    const sorted = Float64Array.from(entry.input as unknown as number[]).sort();
    return (entry.args["q"] as number[]).map((q) => exactQuantile(sorted, q, quantileMethod(entry)));
  }),
};

function quantileMethod(entry: FixtureCase) {
  return String(entry.args["method"]).replace("_", "-").replace("inverted-cdf", "inverse-cdf") as "linear";
}
