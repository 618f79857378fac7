import { SCORES } from "@tidemark/signals";
import type { BenchResult } from "../bench-result.ts";
import { readDataSets } from "./data-sets.ts";
import { productSeries } from "./product-series.ts";
import { classProductSet, valueProductSet } from "./product-sets.ts";
import { runNannyml, runNannymlOnValues } from "./run-nannyml.ts";
import {
  coverOf,
  errorOf,
  intervalScoreOf,
  type Said,
  type ScoreSeries,
  SOURCES,
  type Source,
  widthOf,
} from "./score-series.ts";
import { readValueSets } from "./value-sets.ts";

/** Its square root says the same. */
const NOT_IN_RATIO: ReadonlySet<string> = new Set([SCORES.mse.metric]);
const WITH_INTERVAL = ["nannyml", "A", "B"] as const;

/**
 * Error, cover and interval score of what `tidemark profile` and `tidemark replay` publish, beside NannyML's CBPE and DLE, the last known
 * value and the reference's.
 *
 * @param only one set's name; null for all.
 */
export function benchProduct(dataFolder: string, only: string | null): BenchResult[] {
  console.log("what tidemark profile and tidemark replay publish; classifiers in points, quantities in their own unit");
  console.log("A: no outcome known; B: outcomes come two days after, windows are days; 95 % intervals, cover in %\n");
  const columns = [
    ...["NannyML", "A", "B", "last", "constant"],
    ...["cover NannyML", "cover A", "cover B", "width NannyML", "width A", "width B"],
  ];
  printHeader(["set", "score", ...columns]);
  const classes: ScoreSeries[] = [];
  const values: ScoreSeries[] = [];
  const isMeant = ({ name }: { readonly name: string }) => only === null || name === only;
  for (const set of readDataSets(dataFolder).filter(isMeant)) {
    classes.push(...printed(productSeries(classProductSet(set), runNannyml(set)), 100));
  }
  for (const set of readValueSets(dataFolder).filter(isMeant)) {
    values.push(...printed(productSeries(valueProductSet(set), runNannymlOnValues(set)), 1));
  }
  if (classes.length + values.length === 0) throw new Error(`no set called ${only}`);
  return [
    ...ratioResults("published estimates of classifiers", "CBPE", classes),
    ...ratioResults("published estimates of quantities", "DLE", values),
    ...coverResults([...classes, ...values]),
  ];
}

function printed(series: readonly ScoreSeries[], scale: number): readonly ScoreSeries[] {
  const number = (value: number) => (Number.isFinite(value) ? (scale * value).toPrecision(3) : "-");
  for (const each of series) {
    const covers = WITH_INTERVAL.map((source) => coverOf(each, source));
    const cells = [
      ...SOURCES.map((source) => number(errorOf(each, source))),
      ...covers.map(({ hits, count }) => (count > 0 ? percent(hits / count) : "-")),
      ...WITH_INTERVAL.map((source) => number(widthOf(each, source))),
    ];
    printRow([each.set, each.metric.slice("ml.performance.".length), ...cells]);
  }
  return series;
}

/** Errors and interval scores over NannyML's, by set: geometric means over the scores that both estimate. */
function ratioResults(name: string, method: string, series: readonly ScoreSeries[]): BenchResult[] {
  const shared = series.filter(({ said, metric }) => said.nannyml.some(Boolean) && !NOT_IN_RATIO.has(metric));
  if (shared.length === 0) return [];
  const ratios = [...Map.groupBy(shared, ({ set }) => set)].map(([set, own]) => {
    const over = (of: (each: ScoreSeries, source: Source) => number, source: Source) =>
      geometricMean(own.map((each) => of(each, source) / of(each, "nannyml")));
    const errors = SOURCES.slice(1).map((source) => over(errorOf, source));
    const intervals = (["A", "B"] as const).map((source) => over(intervalScoreOf, source));
    return { set, numbers: [...errors, ...intervals] };
  });
  console.log(`\n${name}: over ${method}'s, geometric mean of the scores that both estimate; below 1 is better`);
  printHeader(["set", "error A", "error B", "error last", "error constant", "interval score A", "interval score B"]);
  const overall = ratios[0]!.numbers.map((_, k) => geometricMean(ratios.map(({ numbers }) => numbers[k]!)));
  for (const { set, numbers } of [...ratios, { set: "all sets", numbers: overall }]) {
    printRow([set, ...numbers.map((value) => value.toFixed(2))]);
  }
  return SOURCES.slice(1).map((source, k) => ({
    name: `${name}: error ${source}`,
    value: overall[k]!,
    unit: "1",
    against: `NannyML's ${method}, mean absolute error`,
    ratio: 1 / overall[k]!,
  }));
}

/** Cover by what the record said when the interval was issued. */
function coverResults(series: readonly ScoreSeries[]): BenchResult[] {
  console.log("\ncover of 95 % intervals by trust, all scores; A's trust is what its record would have given it\n");
  const sets = [...new Set(series.map(({ set }) => set))];
  printHeader(["", "all sets", ...sets]);
  const trust = (wanted: Said["trust"]) => (said: Said) => said.trust === wanted;
  const cases: [string, Source, (said: Said) => boolean][] = [
    ["B, once outcomes have matured", "B", ({ hasRecord }) => hasRecord],
    ["B, trusted", "B", trust("trusted")],
    ["B, unproven", "B", trust("unproven")],
    ["B, untrusted", "B", trust("untrusted")],
    ["A, trusted", "A", trust("trusted")],
    ["A, unproven", "A", trust("unproven")],
    ["A, untrusted", "A", trust("untrusted")],
    ["A, all", "A", () => true],
    ["NannyML", "nannyml", () => true],
  ];
  return cases.map(([name, source, isMeant]) => {
    const cover = (own: readonly ScoreSeries[]) => {
      const all = own.map((each) => coverOf(each, source, isMeant));
      return {
        hits: all.reduce((sum, { hits }) => sum + hits, 0),
        count: all.reduce((sum, { count }) => sum + count, 0),
      };
    };
    const text = ({ hits, count }: ReturnType<typeof cover>) =>
      count > 0 ? `${percent(hits / count)} of ${count}` : "-";
    const whole = cover(series);
    printRow([name, text(whole), ...sets.map((set) => text(cover(series.filter((each) => each.set === set))))]);
    return {
      name: `published estimates cover: ${name}`,
      value: whole.hits / whole.count,
      unit: "1",
      against: null,
      ratio: null,
      trials: whole.count,
    };
  });
}

function printHeader(cells: readonly string[]): void {
  printRow(cells);
  printRow(cells.map(() => "---"));
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function percent(share: number): string {
  return (100 * share).toFixed(0);
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
