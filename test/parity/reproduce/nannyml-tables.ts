import {
  averagePrecision,
  binaryScores,
  type ConfidenceBasedEstimate,
  calibrateScores,
  confidenceBasedEstimate,
  describeSample,
  exactQuantile,
  fitIsotonicCalibration,
  fitPcaReconstruction,
  reconstructionErrors,
  regressionScores,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { type ChunkedData, readChunks, type Table } from "../nannyml-data.ts";
import { TABLE, type TableInput } from "../table-cases.ts";
import { nannyml } from "./nannyml.ts";
import { type ReproductionGroup, reproduce } from "./reproduction.ts";

/** Values by name of one chunk, such as `roc_auc` or `car_value_jensen_shannon`. */
type ChunkValues = Readonly<Record<string, number>>;

interface TablePlan {
  /** Learns from the reference what the values of a chunk need. */
  readonly fit: (data: ChunkedData, input: TableInput) => (chunk: Table) => ChunkValues;
  /** Lines are mean +- 3 sd of the reference's chunks; those at or beyond the limit become it (null: none is drawn). */
  readonly lines: (name: string) => { readonly lower: Line; readonly upper: Line };
  /** What the reference's chunks are summed up by for the lines, where it is not the values: the realised ones. */
  readonly linesFrom?: (chunk: Table) => ChunkValues;
  /** Whether a value on a line alerts. */
  readonly alertsOnLine?: boolean;
  /** Alerts that go by something else than lines, by the name of the value. */
  readonly alerts?: (data: ChunkedData, name: string) => ((chunk: Table) => boolean) | null;
  readonly tolerance?: number;
}

/** `none`: there is no line. A number: the limit of one by standard deviations. `zero`: the line is 0. */
type Line = "none" | "zero" | { readonly limit: number | null; readonly drawn: boolean };

const free: Line = { limit: null, drawn: true };
const limitedTo = (limit: number): Line => ({ limit, drawn: true });

function table(plan: TablePlan) {
  const made = new Map<string, Readonly<Record<string, unknown>>[]>();
  return reproduce(
    (entry: FixtureCase) => {
      const input = entry.input as unknown as TableInput;
      const rows = made.get(entry.fn) ?? makeRows(plan, input);
      made.set(entry.fn, rows);
      return rows[input.index];
    },
    { relative: plan.tolerance ?? 1e-9, absolute: 1e-12 },
  );
}

function makeRows(plan: TablePlan, input: TableInput): Record<string, unknown>[] {
  const { fit, lines, linesFrom, alertsOnLine = false, alerts } = plan;
  const data = readChunks(input);
  const valuesOf = fit(data, input);
  const values = data.chunks.map(valuesOf);
  const rows = values.map((chunk, k): Record<string, unknown> => ({ chunk_key: input.rows[k]![0], ...named(chunk) }));
  const reference = data.chunks.slice(0, data.referenceChunks).map(linesFrom ?? ((_chunk, k) => values[k]!));
  for (const name of Object.keys(values[0]!)) {
    const before = reference.map((chunk) => chunk[name]!);
    const { mean, deviation } = momentsOf(before);
    const { lower: low, upper: high } = lines(name);
    const lower = lineAt(low, mean - 3 * deviation, (line, limit) => line <= limit);
    const upper = lineAt(high, mean + 3 * deviation, (line, limit) => line >= limit);
    const alert = alerts?.(data, name) ?? null;
    rows.forEach((row, k) => {
      const value = values[k]![name]!;
      const [least, most] = [lower ?? Number.NEGATIVE_INFINITY, upper ?? Number.POSITIVE_INFINITY];
      const isOutside = alertsOnLine ? !(value > least && value < most) : value < least || value > most;
      row[`${name}_lower_threshold`] = lower;
      row[`${name}_upper_threshold`] = upper;
      row[`${name}_alert`] = alert === null ? isOutside : alert(data.chunks[k]!);
    });
  }
  return rows;
}

function lineAt(line: Line, at: number, isBeyond: (line: number, limit: number) => boolean): number | null {
  if (line === "none") return null;
  if (line === "zero") return 0;
  if (line.limit === null || !isBeyond(at, line.limit)) return at;
  return line.drawn ? line.limit : null;
}

function named(values: ChunkValues): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}_value`, value]));
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

const METHODS = ["kolmogorov_smirnov", "jensen_shannon", "wasserstein", "hellinger", "chi2", "l_infinity"] as const;
/** Reference rows from which NannyML's KS and Wasserstein go over 10,000 bins of equal width. */
const EXACT_ROWS = 10_000;

/** A number that the run treats as a category. */
const CATEGORICAL_LABEL = "y_pred";

const univariate: TablePlan = {
  fit({ reference }, { columns }) {
    const wanted = columns.flatMap((column) => {
      const method = METHODS.find((name) => column.endsWith(`_${name}_value`));
      return method === undefined ? [] : [{ method, feature: column.slice(0, -`_${method}_value`.length) }];
    });
    return (chunk) =>
      Object.fromEntries(
        wanted.map(({ method, feature }) => [
          `${feature}_${method}`,
          distance(method, reference[feature]!, chunk[feature]!, feature === CATEGORICAL_LABEL).value,
        ]),
      );
  },
  alerts({ reference }, name) {
    if (!name.endsWith("_chi2")) return null;
    const feature = name.slice(0, -"_chi2".length);
    return (chunk) => distance("chi2", reference[feature]!, chunk[feature]!, true).pvalue! < 0.05;
  },
  lines: (name) =>
    name.endsWith("_chi2")
      ? { lower: "none", upper: "none" }
      : {
          lower: "none",
          upper: name.endsWith("_kolmogorov_smirnov") ? limitedTo(1) : free,
        },
};

function distance(
  method: string,
  reference: readonly unknown[],
  chunk: readonly unknown[],
  isLabel: boolean,
): { readonly value: number; readonly pvalue?: number } {
  const isCategory = isLabel || reference.some((value) => value !== null && typeof value !== "number");
  const isBinned = (method === "kolmogorov_smirnov" || method === "wasserstein") && reference.length >= EXACT_ROWS;
  const start = `nannyml.drift.univariate.methods ${method} (${isCategory ? "categorical" : "continuous"})`;
  const known = Object.keys(nannyml).find((name) => name.startsWith(start) && name.includes("stimated") === isBinned);
  if (known === undefined) throw new Error(`no reproduction of ${start}`);
  const found = nannyml[known]!.run({
    id: "",
    fn: known,
    args: {},
    input: { ref: reference, cur: chunk },
    expected: 0,
  });
  return found as { value: number; pvalue?: number };
}

const BINARY = { lower: limitedTo(0), upper: limitedTo(1) } as const;
const COUNTS = ["true_positive", "true_negative", "false_positive", "false_negative"];
const binaryLines = (name: string) => (COUNTS.includes(name) ? { lower: limitedTo(0), upper: free } : BINARY);

function binaryRows(chunk: Table, truth: string) {
  return {
    scores: Float64Array.from(chunk["y_pred_proba"]!, Number),
    predicted: Uint8Array.from(chunk["y_pred"]!, Number),
    outcomes: Uint8Array.from(chunk[truth]!, Number),
  };
}

function realizedBinary(chunk: Table, truth: string): ChunkValues {
  const { scores, predicted, outcomes } = binaryRows(chunk, truth);
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const found = binaryScores(
    Array.from(order, (i) => ({
      score: scores[i]!,
      predicted: predicted[i] === 1,
      positive: outcomes[i] === 1,
      weight: 1,
    })),
  );
  const count = (said: number, true_: number) =>
    predicted.reduce((sum, label, i) => sum + (label === said && outcomes[i] === true_ ? 1 : 0), 0);
  const [tn, fp] = [count(0, 0), count(1, 0)];
  return {
    roc_auc: found.rocAuc.value!,
    f1: found.f1.value!,
    precision: found.precision.value!,
    recall: found.recall.value!,
    specificity: tn / (tn + fp),
    accuracy: found.accuracy.value!,
    average_precision: averagePrecision(
      Array.from(order, (i) => ({ score: scores[i]!, positive: outcomes[i] === 1, weight: 1, squaredWeight: 1 })),
    ).value!,
    true_positive: count(1, 1),
    true_negative: tn,
    false_positive: fp,
    false_negative: count(0, 1),
  };
}

function estimatedValues(found: ConfidenceBasedEstimate): ChunkValues {
  return {
    roc_auc: found.rocAuc,
    f1: found.f1,
    precision: found.precision,
    recall: found.recall,
    specificity: found.specificity,
    accuracy: found.accuracy,
    average_precision: found.averagePrecision,
    true_positive: found.truePositives,
    true_negative: found.trueNegatives,
    false_positive: found.falsePositives,
    false_negative: found.falseNegatives,
  };
}

/** Estimates, with realised values as the lines' source: NannyML draws CBPE's thresholds from what the reference's chunks came to. */
function cbpe(truth: string): TablePlan {
  return {
    fit({ reference }) {
      const { scores, outcomes } = binaryRows(reference, truth);
      const calibration = fitIsotonicCalibration(scores, outcomes);
      return (chunk) => {
        const rows = binaryRows(chunk, truth);
        return estimatedValues(
          confidenceBasedEstimate({ ...rows, probabilities: calibrateScores(calibration, rows.scores) }),
        );
      };
    },
    lines: binaryLines,
    linesFrom: (chunk) => realizedBinary(chunk, truth),
    tolerance: 1e-6,
  };
}

const CARDS = ["highstreet_card", "prepaid_card", "upmarket_card"];
/** Whether NannyML's own check asked for a calibration of the class: nannyml_cbpe_needs_calibration.json. */
const CALIBRATED = new Set(["highstreet_card", "upmarket_card"]);

const multiclassCbpe: TablePlan = {
  fit({ reference }) {
    const scoresOf = (chunk: Table, card: string) => Float64Array.from(chunk[`y_pred_proba_${card}`]!, Number);
    const calibrations = CARDS.map((card) =>
      CALIBRATED.has(card)
        ? fitIsotonicCalibration(
            scoresOf(reference, card),
            Uint8Array.from(reference["y_true"]!, (truth) => (truth === card ? 1 : 0)),
          )
        : null,
    );
    return (chunk) => {
      const raw = CARDS.map((card) => scoresOf(chunk, card));
      const calibrated = raw.map((scores, k) => {
        const calibration = calibrations[k]!;
        return calibration === null ? scores : calibrateScores(calibration, scores);
      });
      const totals = calibrated[0]!.map((_, i) => calibrated.reduce((sum, column) => sum + column[i]!, 0));
      const probabilities = calibrated.map((column) =>
        column.map((p, i) => (totals[i]! > 0 ? p / totals[i]! : 1 / CARDS.length)),
      );
      const found = CARDS.map((card, k) =>
        confidenceBasedEstimate({
          scores: raw[k]!,
          predicted: Uint8Array.from(chunk["y_pred"]!, (label) => (label === card ? 1 : 0)),
          probabilities: probabilities[k]!,
        }),
      );
      const mean = (of: (estimate: ConfidenceBasedEstimate) => number) =>
        found.reduce((sum, estimate) => sum + of(estimate), 0) / found.length;
      const labels = chunk["y_pred"]!;
      return {
        roc_auc: mean(({ rocAuc }) => rocAuc),
        f1: mean(({ f1 }) => f1),
        accuracy:
          labels.reduce<number>((sum, label, i) => sum + probabilities[CARDS.indexOf(String(label))]![i]!, 0) /
          labels.length,
        precision: mean(({ precision }) => precision),
        recall: mean(({ recall }) => recall),
      };
    };
  },
  lines: () => BINARY,
  linesFrom: realizedMulticlass,
  tolerance: 1e-6,
};

/** Means over the classes, each against the rest. */
function realizedMulticlass(chunk: Table): ChunkValues {
  const truths = chunk["y_true"]!;
  const labels = chunk["y_pred"]!;
  const found = CARDS.map((card) => {
    const rows = labels.map((label, i) => ({
      score: Number(chunk[`y_pred_proba_${card}`]![i]),
      predicted: label === card,
      positive: truths[i] === card,
      weight: 1,
    }));
    return binaryScores(rows.sort((a, b) => a.score - b.score));
  });
  const mean = (name: "rocAuc" | "f1" | "precision" | "recall") =>
    found.reduce((sum, scores) => sum + scores[name].value!, 0) / found.length;
  return {
    roc_auc: mean("rocAuc"),
    f1: mean("f1"),
    precision: mean("precision"),
    recall: mean("recall"),
    accuracy: labels.filter((label, i) => label === truths[i]).length / labels.length,
  };
}

const realizedRegression: TablePlan = {
  fit: () => (chunk) => {
    const groups = chunk["y_pred"]!.map((value, i) => ({
      predicted: Number(value),
      actual: Number(chunk["y_true"]![i]),
      weight: 1,
    }));
    const found = regressionScores(groups);
    const squaredLogs = groups.map(({ predicted, actual }) => (Math.log1p(predicted) - Math.log1p(actual)) ** 2);
    const msle = squaredLogs.reduce((sum, value) => sum + value, 0) / groups.length;
    const { rmse, mae, mape } = found;
    return {
      rmse: rmse.value!,
      rmsle: Math.sqrt(msle),
      mae: mae.value!,
      mse: rmse.value! ** 2,
      mape: mape.value!,
      msle,
    };
  },
  lines: () => ({ lower: limitedTo(0), upper: free }),
};

/** Features as the table's columns name them. */
function featuresOf({ columns }: TableInput): string[] {
  return columns.filter((column) => column.endsWith("_value")).map((column) => column.slice(0, -"_value".length));
}

function byFeature(value: (values: readonly unknown[], reference: readonly unknown[]) => number) {
  return ({ reference }: ChunkedData, input: TableInput) =>
    (chunk: Table): ChunkValues =>
      Object.fromEntries(featuresOf(input).map((name) => [name, value(chunk[name]!, reference[name]!)]));
}

const missing: TablePlan = {
  fit: byFeature((values) => values.filter((value) => value === null).length / values.length),
  lines: () => ({ lower: limitedTo(0), upper: limitedTo(1) }),
};

const unseen: TablePlan = {
  fit: byFeature((values, reference) => {
    const known = new Set(reference);
    return values.filter((value) => value !== null && !known.has(value)).length / values.length;
  }),
  lines: () => ({ lower: "none", upper: "zero" }),
};

function summary(of: (values: Float64Array) => number): TablePlan {
  return {
    fit: byFeature((values) =>
      of(
        Float64Array.from(
          values.filter((value) => value !== null),
          Number,
        ),
      ),
    ),
    lines: () => ({ lower: free, upper: free }),
    alertsOnLine: true,
  };
}

/** Categories by their share of the reference, then principal components on standardized features. */
const reconstruction: TablePlan = {
  fit({ reference }, { settings }) {
    const names = RECONSTRUCTED[String(settings["dataset"])]!;
    const encoders = names.map((name) => encoderOf(reference[name]!));
    const encode = (chunk: Table) =>
      chunk[names[0]!]!.map((_, i) => names.map((name, j) => encoders[j]!(chunk[name]![i]!)));
    const model = fitPcaReconstruction(encode(reference));
    return (chunk) => {
      const errors = reconstructionErrors(model, encode(chunk));
      return { reconstruction_error: errors.reduce((sum, error) => sum + error, 0) / errors.length };
    };
  },
  lines: () => ({ lower: { limit: 0, drawn: false }, upper: free }),
  alertsOnLine: true,
  tolerance: 1e-6,
};

const NUMERIC_LOAN = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"];
const RECONSTRUCTED: Readonly<Record<string, readonly string[]>> = {
  synthetic_car_loan: [
    "car_value",
    "salary_range",
    "debt_to_income_ratio",
    "loan_length",
    "repaid_loan_on_prev_car",
    "size_of_downpayment",
    "driver_tenure",
  ],
  modified_california_housing: [
    "MedInc",
    "HouseAge",
    "AveRooms",
    "AveBedrms",
    "Population",
    "AveOccup",
    "Latitude",
    "Longitude",
  ],
};

function encoderOf(reference: readonly unknown[]): (value: unknown) => number {
  if (typeof reference[0] === "number") return Number;
  const shares = new Map<unknown, number>();
  for (const value of reference) shares.set(value, (shares.get(value) ?? 0) + 1 / reference.length);
  return (value) => shares.get(value) ?? 0;
}

const numericOnly: TablePlan = {
  ...reconstruction,
  fit(data) {
    const encode = (chunk: Table) =>
      chunk[NUMERIC_LOAN[0]!]!.map((_, i) => NUMERIC_LOAN.map((name) => Number(chunk[name]![i])));
    const model = fitPcaReconstruction(encode(data.reference));
    return (chunk) => {
      const errors = reconstructionErrors(model, encode(chunk));
      return { reconstruction_error: errors.reduce((sum, error) => sum + error, 0) / errors.length };
    };
  },
};

/** NannyML's results over the chunks of whole runs: values, lines and alerts. */
export const nannymlTables: ReproductionGroup = {
  [`${TABLE}nannyml_car_loan_univariate`]: table(univariate),
  [`${TABLE}nannyml_car_loan_univariate_default_chunker`]: table(univariate),
  [`${TABLE}nannyml_california_univariate`]: table(univariate),
  [`${TABLE}nannyml_car_loan_realized`]: table({
    fit: () => (chunk) => realizedBinary(chunk, "repaid"),
    lines: binaryLines,
  }),
  [`${TABLE}nannyml_car_price_realized`]: table(realizedRegression),
  [`${TABLE}nannyml_car_loan_cbpe`]: table(cbpe("repaid")),
  [`${TABLE}nannyml_california_cbpe`]: table(cbpe("clf_target")),
  [`${TABLE}nannyml_multiclass_cbpe`]: table(multiclassCbpe),
  [`${TABLE}nannyml_car_loan_dq_missing`]: table(missing),
  [`${TABLE}nannyml_car_loan_dq_unseen`]: table(unseen),
  [`${TABLE}nannyml_car_loan_summary_stats_avg`]: table(summary((values) => describeSample(values).mean!)),
  [`${TABLE}nannyml_car_loan_summary_stats_std`]: table(summary((values) => describeSample(values).standardDeviation!)),
  [`${TABLE}nannyml_car_loan_summary_stats_median`]: table(
    summary((values) => exactQuantile(Float64Array.from(values).sort(), 0.5)),
  ),
  [`${TABLE}nannyml_car_loan_summary_stats_sum`]: table(
    summary((values) => values.reduce((sum, value) => sum + value, 0)),
  ),
  [`${TABLE}nannyml_car_loan_reconstruction`]: table(reconstruction),
  [`${TABLE}nannyml_california_reconstruction`]: table(reconstruction),
  [`${TABLE}nannyml_car_loan_reconstruction_numeric_only`]: table(numericOnly),
};
