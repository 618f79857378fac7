import type { Measurement } from "@tidemark/schema";
import { SCORES, type ScoreKey } from "@tidemark/signals";
import type { BenchResult } from "../bench-result.ts";
import { type DataSet, type Rows, readDataSets } from "./data-sets.ts";
import { type ProductRows, type ProductSet, runProduct } from "./product-run.ts";
import { type NannymlRun, runNannyml, runNannymlOnValues } from "./run-nannyml.ts";
import { readValueSets, type ValueRows, type ValueSet } from "./value-sets.ts";

const Z95 = 1.959963984540054;

/** A score that both know, under NannyML's name and ours. */
const NANNYML_SCORES: Readonly<Record<string, ScoreKey>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  f1: "f1",
  roc_auc: "rocAuc",
  mae: "mae",
  rmse: "rmse",
  mse: "mse",
};
/** Its square root says the same. */
const NOT_IN_RATIO: ReadonlySet<string> = new Set([SCORES.mse.metric]);

interface Said {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** One score over the windows of a set. */
interface Series {
  readonly set: string;
  readonly metric: string;
  readonly truth: readonly number[];
  readonly constant: number;
  readonly nannyml: readonly (Said | null)[];
  readonly unlabelled: readonly (Said | null)[];
  readonly labelled: readonly (Said | null)[];
}

/**
 * Error and cover of what `tidemark profile` and `tidemark replay` publish, beside NannyML's CBPE and DLE.
 *
 * @param only one set's name; null for all.
 */
export function benchProduct(dataFolder: string, only: string | null): BenchResult[] {
  console.log("what tidemark profile and tidemark replay publish; classifiers in points, quantities in their own unit");
  console.log("A: no outcome known; B: outcomes come two days after, windows are days; cover of 95 % intervals in %\n");
  console.log(
    "| set | score | NannyML | A | B | constant | cover NannyML | cover A | cover B | width A | width B |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
  );
  const series: Series[] = [];
  const add = (product: ProductSet, nannyml: NannymlRun | null, scale: number) => {
    const own = seriesOf(product, nannyml);
    series.push(...own);
    for (const each of own) console.log(lineOf(each, scale));
  };
  const isMeant = ({ name }: { readonly name: string }) => only === null || name === only;
  for (const set of readValueSets(dataFolder).filter(isMeant)) add(ofValues(set), runNannymlOnValues(set), 1);
  for (const set of readDataSets(dataFolder).filter(isMeant)) add(ofClasses(set), runNannyml(set), 100);
  if (series.length === 0) throw new Error(`no set called ${only}`);
  return [...errorResults(series), ...coverResults(series)];
}

function seriesOf(product: ProductSet, nannyml: NannymlRun | null): Series[] {
  const { labelled, unlabelled } = runProduct(product);
  const estimated = new Set(unlabelled.flat().flatMap((each) => (isFrom(each, "blend") ? [each.metric] : [])));
  return [...estimated].map((metric) => {
    const theirs = Object.entries(NANNYML_SCORES).find(([, key]) => SCORES[key].metric === metric)?.[0];
    const of = (windows: readonly (readonly Measurement[])[], source: string) =>
      windows.map((window) => saidOf(window.find((each) => each.metric === metric && isFrom(each, source))));
    const constant = labelled.flat().find((each) => each.metric === metric && isFrom(each, "blend"))?.evidence.numbers[
      "reference"
    ];
    return {
      set: product.name,
      metric,
      truth: of(labelled, "realized").map((said) => said?.value ?? Number.NaN),
      constant: constant ?? Number.NaN,
      nannyml: product.windows.map((_, w) => {
        const [value, error] = (theirs === undefined ? null : nannyml?.windows[w]?.[theirs]) ?? [null, null];
        if (value === null || value === undefined) return null;
        return { value, lower: value - Z95 * (error ?? 0), upper: value + Z95 * (error ?? 0) };
      }),
      unlabelled: of(unlabelled, "blend"),
      labelled: of(labelled, "blend"),
    };
  });
}

/** Of all rows of the window, not of a segment. */
function isFrom({ attributes, target }: Measurement, source: string): boolean {
  return attributes["ml.estimate.source"] === source && target.kind === "prediction";
}

function saidOf(found: Measurement | undefined): Said | null {
  const { value, lower, upper } = found ?? {};
  if (value === null || value === undefined) return null;
  return { value, lower: lower ?? Number.NaN, upper: upper ?? Number.NaN };
}

function lineOf(each: Series, scale: number): string {
  const number = (value: number) => (Number.isFinite(value) ? (scale * value).toPrecision(3) : "-");
  const all = [each.nannyml, each.unlabelled, each.labelled];
  const cells = [
    ...all.map((said) => number(errorOf(each.truth, said))),
    number(
      errorOf(
        each.truth,
        each.truth.map(() => ({ value: each.constant, lower: 0, upper: 0 })),
      ),
    ),
    ...all.map((said) => coverOf(each.truth, said).text),
    ...all.slice(1).map((said) => number(widthOf(said))),
  ];
  return `| ${[each.set, each.metric.slice("ml.performance.".length), ...cells].join(" | ")} |`;
}

/** Mean absolute error over the windows where truth and estimate exist. */
function errorOf(truth: readonly number[], said: readonly (Said | null)[]): number {
  const errors = truth.map((real, w) => Math.abs((said[w]?.value ?? Number.NaN) - real)).filter(Number.isFinite);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

function coverOf(truth: readonly number[], said: readonly (Said | null)[]) {
  const known = truth.flatMap((real, w) => {
    const own = said[w];
    if (!own || ![real, own.lower, own.upper].every(Number.isFinite)) return [];
    return [own.lower <= real && real <= own.upper];
  });
  const hits = known.filter(Boolean).length;
  return { hits, count: known.length, text: known.length > 0 ? ((100 * hits) / known.length).toFixed(0) : "-" };
}

function widthOf(said: readonly (Said | null)[]): number {
  const widths = said.flatMap((own) => (own === null ? [] : [own.upper - own.lower])).filter(Number.isFinite);
  return widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

function errorResults(series: readonly Series[]): BenchResult[] {
  console.log(
    "\n| error over NannyML's, geometric mean of shared scores | A | B | constant |\n| --- | --- | --- | --- |",
  );
  const shared = series.filter(({ nannyml, metric }) => nannyml.some(Boolean) && !NOT_IN_RATIO.has(metric));
  const ratios = [...Map.groupBy(shared, ({ set }) => set)].map(([set, own]) => {
    const over = (of: (each: Series) => readonly (Said | null)[]) =>
      geometricMean(own.map((each) => errorOf(each.truth, of(each)) / errorOf(each.truth, each.nannyml)));
    const constant = over((each) => each.truth.map(() => ({ value: each.constant, lower: 0, upper: 0 })));
    return { set, unlabelled: over((each) => each.unlabelled), labelled: over((each) => each.labelled), constant };
  });
  if (ratios.length === 0) return [];
  const line = (name: string, a: number, b: number, c: number) =>
    console.log(`| ${name} | ${a.toFixed(2)} | ${b.toFixed(2)} | ${c.toFixed(2)} |`);
  for (const { set, unlabelled, labelled, constant } of ratios) line(set, unlabelled, labelled, constant);
  const overall = (of: (each: (typeof ratios)[number]) => number) => geometricMean(ratios.map(of));
  const [a, b] = [overall(({ unlabelled }) => unlabelled), overall(({ labelled }) => labelled)];
  line(
    "all sets",
    a,
    b,
    overall(({ constant }) => constant),
  );
  return [["no outcome known", a] as const, ["with outcomes", b] as const].map(([name, value]) => ({
    name: `published estimates error ${name}`,
    value,
    unit: "1",
    against: "NannyML's CBPE and DLE, mean absolute error",
    ratio: 1 / value,
  }));
}

function coverResults(series: readonly Series[]): BenchResult[] {
  return (["unlabelled", "labelled"] as const).map((kind) => {
    const all = series.map((each) => coverOf(each.truth, each[kind]));
    const hits = all.reduce((sum, each) => sum + each.hits, 0);
    const trials = all.reduce((sum, each) => sum + each.count, 0);
    console.log(`\ncover of 95 % intervals, ${kind}: ${((100 * hits) / trials).toFixed(0)} % of ${trials}`);
    return {
      name: `published estimates cover ${kind}`,
      value: hits / trials,
      unit: "1",
      against: null,
      ratio: null,
      trials,
    };
  });
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function ofValues({ name, reference, windows }: ValueSet): ProductSet {
  const rowsOf = ({ features, predictions, outcomes }: ValueRows): ProductRows => ({
    count: outcomes.length,
    columns: { value: predictions, outcome_value: outcomes },
    features,
  });
  return { name, type: "regression", positiveLabel: null, reference: rowsOf(reference), windows: windows.map(rowsOf) };
}

function ofClasses({ name, classes, reference, windows }: DataSet): ProductSet {
  const label = (index: number) => (classes.length > 0 ? classes[index]! : index === 1 ? "yes" : "no");
  const rowsOf = ({ features, scores, predicted, outcomes }: Rows): ProductRows => ({
    count: outcomes.length,
    columns: {
      score: Array.from(predicted, (index, i) => scores[classes.length > 0 ? index : 0]![i]!),
      label: Array.from(predicted, label),
      outcome_label: Array.from(outcomes, label),
    },
    features,
  });
  const positiveLabel = classes.length > 0 ? null : "yes";
  return { name, type: "classification", positiveLabel, reference: rowsOf(reference), windows: windows.map(rowsOf) };
}
