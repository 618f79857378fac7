import {
  andersonDarlingTest,
  cramerVonMisesTest,
  describeSample,
  energyDistance,
  eppsSingletonTest,
  equalWidthEdges,
  goodnessOfFitTest,
  hellingerDistance,
  histogramCounts,
  jensenShannonDistance,
  ksTest,
  kullbackLeiblerDivergence,
  mannWhitneyTest,
  proportionsTest,
  psiWithFloor,
  tTest,
  wassersteinDistance,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { type ReproductionGroup, reproduce, withoutMissing } from "./reproduction.ts";

/** Distinct reference values up to which Evidently gives each its own bin. */
const DISTINCT_AS_CATEGORIES = 20;
/** What Evidently makes of an empty bin where no share is smaller. */
const EMPTY_SHARE = 1e-4;
/** Evidently divides Wasserstein's distance by the reference's standard deviation, at least this. */
const LEAST_DEVIATION = 0.001;

type Sample = readonly (number | string)[];

/** Both samples without missing and infinite values, as Evidently cleans them. */
function cleaned(entry: FixtureCase): readonly [Sample, Sample] {
  const clean = (name: string) =>
    withoutMissing(entry.input[name] as (number | string | null)[]).filter(
      (value) => typeof value === "string" || Number.isFinite(value),
    );
  return [clean("ref"), clean("cur")];
}

function numbers(entry: FixtureCase): readonly [number[], number[]] {
  return cleaned(entry) as unknown as readonly [number[], number[]];
}

/** Counts on Evidently's bins: Sturges' of the pooled samples, or one a distinct value. */
function binned(entry: FixtureCase) {
  const [reference, window] = cleaned(entry);
  const isNumeric = entry.args["feature_type"] === "num" && new Set(reference).size > DISTINCT_AS_CATEGORIES;
  if (isNumeric) {
    const [x, y] = [reference as readonly number[], window as readonly number[]];
    const edges = equalWidthEdges([...x, ...y], "sturges");
    return { edges, reference: histogramCounts(x, edges).counts, window: histogramCounts(y, edges).counts };
  }
  const categories = [...new Set([...reference, ...window])];
  const count = (values: Sample) => categories.map((category) => values.filter((value) => value === category).length);
  return { edges: null, reference: count(reference), window: count(window) };
}

function filled(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? EMPTY_SHARE : count / total));
}

function distance(threshold: number, of: (entry: FixtureCase) => number) {
  return reproduce((entry) => {
    const score = of(entry);
    return { score, drift: score >= threshold, threshold };
  });
}

function pValueOf(threshold: number, of: (x: number[], y: number[]) => number | null, absolute = 0) {
  return reproduce(
    (entry) => {
      const score = of(...numbers(entry));
      return score === null ? null : { score, drift: score <= threshold, threshold };
    },
    { absolute, pValues: ["score"] },
  );
}

/** On Sturges' bins of the distinct pooled values, or one a category. */
function hellinger(entry: FixtureCase): number {
  if (entry.args["feature_type"] !== "num") {
    const { reference, window } = binned(entry);
    return hellingerDistance(reference, window);
  }
  const [x, y] = numbers(entry);
  const edges = equalWidthEdges([...new Set([...x, ...y])], "sturges");
  return hellingerDistance(histogramCounts(x, edges).counts, histogramCounts(y, edges).counts);
}

/** Whether the shares of everything but the first category (in order) differ. */
function proportionsPValue(entry: FixtureCase): number {
  const [reference, window] = cleaned(entry);
  const categories = [...new Set<number | string>([...reference, ...window])].sort((a, b) => (a < b ? -1 : 1));
  if (categories.length === 1) return 1;
  const others = (values: Sample) => ({
    count: values.filter((value) => value !== categories[0]).length,
    n: values.length,
  });
  return proportionsTest(others(reference), others(window)).pValue!;
}

/** Reference rows above which Evidently's default is a distance instead of a test. */
const SMALL_REFERENCE = 1_000;

/** Evidently's choice of a statistic for a column, by rows and distinct values. */
function defaultStatistic(entry: FixtureCase): string {
  const [reference, window] = cleaned(entry);
  const distinct = new Set<number | string>([...reference, ...window]).size;
  const isNumeric = entry.args["feature_type"] === "num" && distinct > 5;
  if (reference.length > SMALL_REFERENCE) return isNumeric ? "wasserstein" : "jensenshannon";
  if (isNumeric) return "ks";
  return distinct > 2 ? "chisquare" : "z";
}

function columnDrift(entry: FixtureCase) {
  const [reference, window] = cleaned(entry);
  if (reference.length === 0 || window.length === 0) throw new RangeError("a column is empty");
  const stattest = defaultStatistic(entry);
  const found = evidently[`${STAT_TESTS}.${stattest}`]!.run(entry) as { readonly score: number };
  return { stattest, display_name: DISPLAY_NAMES[stattest], ...found };
}

const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  ks: "K-S p_value",
  z: "Z-test p_value",
  chisquare: "chi-square p_value",
  wasserstein: "Wasserstein distance (normed)",
  jensenshannon: "Jensen-Shannon distance",
};

/** The whole preset: every column by its default or by the method named, and how many of them drifted. */
function preset(entry: FixtureCase) {
  const { method, numerical_columns, categorical_columns } = entry.args as {
    method: string | null;
    numerical_columns: string[];
    categorical_columns: string[];
  };
  const [ref, cur] = [entry.input["ref"], entry.input["cur"]] as Record<string, unknown[]>[];
  const columnOf = (name: string, feature_type: "num" | "cat") => {
    const column = { ...entry, args: { feature_type }, input: { ref: ref![name], cur: cur![name] } };
    const statistic = method ?? defaultStatistic(column);
    const { score, drift, threshold } = evidently[`${STAT_TESTS}.${statistic}`]!.run(column) as Drift;
    const title = method ?? DISPLAY_NAMES[statistic];
    return { metric: `ValueDrift(column=${name},method=${title},threshold=${threshold})`, value: score, drift };
  };
  const columns = [
    ...numerical_columns.map((name) => columnOf(name, "num")),
    ...categorical_columns.map((name) => columnOf(name, "cat")),
  ];
  const count = columns.filter(({ drift }) => drift).length;
  const named = method === null ? "" : `,method=${method}`;
  return [
    { metric: `DriftedColumnsCount(drift_share=0.5${named})`, value: { count, share: count / columns.length } },
    ...columns.map(({ metric, value }) => ({ metric, value })),
  ];
}

interface Drift {
  readonly score: number;
  readonly drift: boolean;
  readonly threshold: number;
}

const STAT_TESTS = "evidently.legacy.calculations.stattests";

/** Evidently's statistics that can be had from the functions here, with its default thresholds. */
export const evidently: ReproductionGroup = {
  [`${STAT_TESTS}.ks`]: pValueOf(0.05, (x, y) => ksTest(x, y).pValue),
  [`${STAT_TESTS}.cramer_von_mises`]: pValueOf(0.1, (x, y) => cramerVonMisesTest(x, y).pValue, 2e-8),
  [`${STAT_TESTS}.anderson`]: pValueOf(0.1, (x, y) => andersonDarlingTest([x, y]).pValue),
  [`${STAT_TESTS}.mannw`]: pValueOf(0.05, (x, y) => mannWhitneyTest(x, y, { alternative: "less" }).pValue),
  [`${STAT_TESTS}.t_test`]: pValueOf(0.05, (x, y) => tTest(x, y, true).pValue),
  [`${STAT_TESTS}.wasserstein`]: distance(0.1, (entry) => {
    const [x, y] = numbers(entry);
    const deviation = Math.sqrt(describeSample(x).populationVariance ?? 0);
    return wassersteinDistance({ values: x }, { values: y }) / Math.max(deviation, LEAST_DEVIATION);
  }),
  [`${STAT_TESTS}.ed`]: distance(0.1, (entry) => {
    const [x, y] = numbers(entry);
    return energyDistance({ values: x }, { values: y });
  }),
  [`${STAT_TESTS}.psi`]: distance(0.1, (entry) => {
    const { reference, window } = binned(entry);
    return psiWithFloor(reference, window, EMPTY_SHARE);
  }),
  [`${STAT_TESTS}.jensenshannon`]: distance(0.1, (entry) => {
    const { reference, window } = binned(entry);
    return jensenShannonDistance(reference, window, Math.E);
  }),
  [`${STAT_TESTS}.kl_div`]: distance(0.1, (entry) => {
    const { reference, window } = binned(entry);
    return kullbackLeiblerDivergence(filled(reference), filled(window));
  }),
  [`${STAT_TESTS}.chisquare`]: reproduce((entry) => {
    const { reference, window } = binned(entry);
    const { pValue } = goodnessOfFitTest(window, reference);
    return pValue === null ? null : { score: pValue, drift: pValue <= 0.05, threshold: 0.05 };
  }),
  [`${STAT_TESTS}.hellinger`]: distance(0.1, hellinger),
  [`${STAT_TESTS}.es`]: pValueOf(0.05, (x, y) => eppsSingletonTest(x, y).pValue),
  [`${STAT_TESTS}.z`]: reproduce(
    (entry) => {
      const score = proportionsPValue(entry);
      return { score, drift: score < 0.05, threshold: 0.05 };
    },
    // Evidently takes 1 - cdf, which has no digit below this.
    { absolute: 5e-16 },
  ),
  "get_stattest(ref,cur,type,None) -> default column drift": reproduce(columnDrift, { absolute: 5e-16 }),
  "evidently.presets.DataDriftPreset via Report.run(current, reference)": reproduce(preset),
  [`${STAT_TESTS}.utils.get_binned_data`]: reproduce((entry) => {
    const { edges, reference, window } = binned(entry);
    const sharesOf = (counts: readonly number[]) => {
      if (entry.args["feel_zeroes"] === true) return filled(counts);
      const total = counts.reduce((sum, count) => sum + count, 0);
      return counts.map((count) => count / total);
    };
    const [x, y] = [sharesOf(reference), sharesOf(window)];
    if (edges !== null) return { ref_percents: x, cur_percents: y, edges };
    return { ref_percents_sorted: x.toSorted((a, b) => a - b), cur_percents_sorted: y.toSorted((a, b) => a - b) };
  }),
};
