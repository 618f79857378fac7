import {
  betaQuantile,
  chiSquareQuantile,
  chiSquareUpperTail,
  kolmogorovUpperTail,
  ksOneSampleUpperTail,
  normalQuantile,
  normalUpperTail,
  studentQuantile,
  studentUpperTail,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

function of(call: (args: Record<string, number>) => number) {
  return reproduce((entry: FixtureCase) => call(entry.args as Record<string, number>));
}

/** Tails and quantiles of distributions, scipy.stats and scipy.special. */
export const distributions: ReproductionGroup = {
  "scipy.stats.chi2.sf": of(({ x, df }) => chiSquareUpperTail(x!, df!)),
  "scipy.stats.norm.sf": of(({ x }) => normalUpperTail(x!)),
  "scipy.stats.norm.cdf": of(({ x }) => normalUpperTail(-x!)),
  "scipy.stats.t.sf": of(({ x, df }) => studentUpperTail(x!, df!)),
  "scipy.special.kolmogorov": of(({ x }) => kolmogorovUpperTail(x!)),
  "scipy.stats.kstwo.sf": of(({ x, n }) => ksOneSampleUpperTail(x!, n!)),
  "scipy.stats.norm.ppf": of(({ p }) => normalQuantile(p!)),
  "scipy.stats.t.ppf": of(({ p, df }) => studentQuantile(p!, df!)),
  "scipy.stats.chi2.ppf": of(({ p, df }) => chiSquareQuantile(p!, df!)),
  "scipy.stats.beta.ppf": of(({ p, a, b }) => betaQuantile(p!, a!, b!)),
};
