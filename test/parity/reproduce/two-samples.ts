import {
  type Alternative,
  type AndersonDarlingVariant,
  andersonDarlingTest,
  cramerVonMisesTest,
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
  const [x, y] = "u_values" in entry.args ? ["u_values", "v_values"] : ["ref", "cur"];
  return [x!, y!].map((name) => {
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

/** Tests and distances of raw values, scipy.stats, and the PSI defined in the fixtures. */
export const twoSamples: ReproductionGroup = {
  "scipy.stats.ks_2samp": reproduce((entry) => {
    const { statistic, pValue, location, sign } = ksTest(...samplesOf(entry), {
      alternative: entry.args["alternative"] as Alternative,
      method: methodOf(entry),
    });
    return { statistic, pvalue: pValue, statistic_location: location, statistic_sign: sign };
  }),
  "scipy.stats.wasserstein_distance": reproduce((entry) => wassersteinDistance(...weighted(entry))),
  "scipy.stats.energy_distance": reproduce((entry) => energyDistance(...weighted(entry))),
  "scipy.stats.cramervonmises_2samp": reproduce(
    (entry) => {
      const { statistic, pValue } = cramerVonMisesTest(...samplesOf(entry), methodOf(entry));
      return { statistic, pvalue: pValue };
    },
    // SciPy's asymptotic p-value is 1 minus a series cut at 1e-9.
    { absolute: 2e-9 },
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
  "numpy.quantile": reproduce((entry) => {
    const sorted = Float64Array.from(Object.values(entry.input)[0] as number[]).sort();
    return (entry.args["q"] as number[]).map((q) => exactQuantile(sorted, q, quantileMethod(entry)));
  }),
};

function quantileMethod(entry: FixtureCase) {
  return String(entry.args["method"]).replace("_", "-").replace("inverted-cdf", "inverse-cdf") as "linear";
}
