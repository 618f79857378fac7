import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BenchOptions } from "../bench-options.ts";
import type { BenchResult } from "../bench-result.ts";
import { type Answer, backTest, type WindowResult } from "./back-test.ts";
import { benchProduct } from "./bench-product.ts";
import { readDataSets } from "./data-sets.ts";
import { type NannymlRun, runNannyml } from "./run-nannyml.ts";

/** Metrics that NannyML estimates too; the others are ours alone. */
const SHARED = ["accuracy", "precision", "recall", "f1", "roc_auc"] as const;
const Z95 = 1.959963984540054;

interface SetErrors {
  readonly name: string;
  /** Geometric means over the shared metrics of mean absolute error over CBPE's. */
  readonly ratios: Readonly<Record<Estimator, number>>;
}

const ESTIMATORS = {
  labelFree: (result: WindowResult) => result.labelFree.value,
  withLabels: (result: WindowResult) => result.withLabels.value,
  last: (result: WindowResult) => result.last,
  constant: (result: WindowResult) => result.constant,
} as const;
type Estimator = keyof typeof ESTIMATORS;

/** Error and cover of the default estimate beside NannyML's CBPE, over the sets of a folder and the flights. */
export function benchEstimation({ dataFolder, part }: BenchOptions): BenchResult[] {
  if (dataFolder === null || !existsSync(join(dataFolder, "elec2.parquet"))) {
    throw new Error(
      `the estimation benchmark needs --data FOLDER with elec2.parquet and NannyML's sets; got ${dataFolder}`,
    );
  }
  if (part !== null) return benchProduct(dataFolder, part === "product" ? null : part);
  const everything: WindowResult[] = [];
  const errors: SetErrors[] = [];
  console.log(
    "mean absolute error in points; A: no label used, B: with labels three windows late; cover of 95 % intervals in %\n",
  );
  console.log("set         metric      CBPE     A     B  last constant  cover CBPE   A   B  width A     B");
  for (const set of readDataSets(dataFolder)) {
    const windows = backTest(set);
    everything.push(...windows.flat());
    const nannyml = runNannyml(set);
    const metrics = windows[0]!.map(({ metric }) => metric);
    for (const metric of metrics) {
      const rows = windows.map((window) => window.find((result) => result.metric === metric)!);
      console.log(lineOf(set.name, rows, nannyml));
    }
    if (nannyml !== null) errors.push({ name: set.name, ratios: ratiosOf(windows, nannyml) });
  }
  return [...errorResults(errors), ...coverResults(everything)];
}

function lineOf(name: string, rows: readonly WindowResult[], nannyml: NannymlRun | null): string {
  const { metric } = rows[0]!;
  const own = (of: (result: WindowResult) => number) => points(errorOf(rows, of));
  const cbpe = answersOf(rows, nannyml);
  const cover = (answers: readonly (Answer | null)[]) => coverOf(rows, answers).text;
  const free = rows.map(({ labelFree }) => labelFree);
  const mixed = rows.map(({ withLabels }) => withLabels);
  const cells = [
    cbpe.length > 0 ? points(errorOf(rows, (_row, w) => cbpe[w]?.value ?? Number.NaN)) : "-",
    ...(["labelFree", "withLabels", "last", "constant"] as const).map((name) => own(ESTIMATORS[name])),
    cover(cbpe),
    cover(free),
    cover(mixed),
    points(meanWidth(free)),
    points(meanWidth(mixed)),
  ];
  return `${name.padEnd(11)} ${metric.padEnd(10)}${cells.map((cell) => cell.padStart(6)).join(" ")}`;
}

function answersOf(rows: readonly WindowResult[], nannyml: NannymlRun | null): (Answer | null)[] {
  const metric = rows[0]!.metric;
  if (nannyml === null || !SHARED.some((name) => name === metric)) return [];
  return rows.map((_, w) => {
    const [value, error] = nannyml.windows[w]?.[metric] ?? [null, null];
    if (value === null || value === undefined) return null;
    const half = Z95 * (error ?? 0);
    return { value, lower: value - half, upper: value + half, trust: "unproven", hasMatured: false };
  });
}

/** Mean absolute error over the windows where truth and estimate exist. */
function errorOf(rows: readonly WindowResult[], of: (result: WindowResult, window: number) => number): number {
  const errors = rows.map((row, w) => Math.abs(of(row, w) - row.truth)).filter(Number.isFinite);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

function coverOf(rows: readonly WindowResult[], answers: readonly (Answer | null)[]) {
  let hits = 0;
  let count = 0;
  rows.forEach(({ truth }, w) => {
    const answer = answers[w];
    if (!answer || ![truth, answer.lower, answer.upper].every(Number.isFinite)) return;
    count += 1;
    if (answer.lower <= truth && truth <= answer.upper) hits += 1;
  });
  return { hits, count, text: count > 0 ? ((100 * hits) / count).toFixed(0) : "-" };
}

function meanWidth(answers: readonly Answer[]): number {
  const widths = answers.map(({ lower, upper }) => upper - lower).filter(Number.isFinite);
  return widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

function ratiosOf(windows: readonly WindowResult[][], nannyml: NannymlRun): Record<Estimator, number> {
  const entries = Object.entries(ESTIMATORS).map(([name, of]) => {
    const logs = SHARED.map((metric) => {
      const rows = windows.map((window) => window.find((result) => result.metric === metric)!);
      const cbpe = answersOf(rows, nannyml);
      return Math.log(errorOf(rows, of) / errorOf(rows, (_row, w) => cbpe[w]?.value ?? Number.NaN));
    });
    return [name, Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)];
  });
  return Object.fromEntries(entries) as Record<Estimator, number>;
}

function errorResults(sets: readonly SetErrors[]): BenchResult[] {
  if (sets.length === 0) {
    console.log("\nNannyML could not be installed: no ratios to it.");
    return [];
  }
  console.log("\nerror over NannyML's CBPE, geometric mean of five metrics; below 1 is better");
  console.log("set             A     B  last constant");
  const over = (name: Estimator) =>
    Math.exp(sets.reduce((sum, { ratios }) => sum + Math.log(ratios[name]), 0) / sets.length);
  const names = Object.keys(ESTIMATORS) as Estimator[];
  const line = (label: string, of: (name: Estimator) => number) =>
    console.log(`${label.padEnd(12)}${names.map((name) => of(name).toFixed(2).padStart(6)).join("")}`);
  for (const { name, ratios } of sets) line(name, (estimator) => ratios[estimator]);
  line("all sets", over);
  return names.map((name) => ({
    name: `estimation error ${name}`,
    value: over(name),
    unit: "1",
    against: "NannyML's CBPE, mean absolute error",
    ratio: 1 / over(name),
  }));
}

/** Cover over all sets and metrics, by what is known when the interval is issued. */
function coverResults(rows: readonly WindowResult[]): BenchResult[] {
  console.log("\ncover of nominal 95 % intervals over all sets and metrics");
  const cases = [
    ["with labels, once some have matured", (row: WindowResult) => row.withLabels, (a: Answer) => a.hasMatured],
    ["with labels, trusted", (row: WindowResult) => row.withLabels, (a: Answer) => a.trust === "trusted"],
    ["with labels, untrusted", (row: WindowResult) => row.withLabels, (a: Answer) => a.trust === "untrusted"],
    ["no label used, trusted", (row: WindowResult) => row.labelFree, (a: Answer) => a.trust === "trusted"],
    ["no label used, untrusted", (row: WindowResult) => row.labelFree, (a: Answer) => a.trust === "untrusted"],
    ["no label used, all", (row: WindowResult) => row.labelFree, () => true],
  ] as const;
  return cases.map(([name, answerOf, isMeant]) => {
    const meant = rows.filter((row) => isMeant(answerOf(row)));
    const { hits, count, text } = coverOf(meant, meant.map(answerOf));
    console.log(`${name.padEnd(38)} ${text.padStart(4)} % of ${count}`);
    return {
      name: `estimation cover ${name}`,
      value: hits / count,
      unit: "1",
      against: null,
      ratio: null,
      trials: count,
    };
  });
}

function points(value: number): string {
  return Number.isFinite(value) ? (100 * value).toFixed(2) : "-";
}
