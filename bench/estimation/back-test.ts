import {
  codeCount,
  countReferenceCells,
  type EstimatedMetric,
  type EstimateTrust,
  type EstimationRows,
  encodeFeature,
  estimateTrust,
  estimateWindow,
  fitEstimationReference,
  type LabelledEstimationRows,
  learnFeatureCodes,
  type MaturedWindow,
  readOutcomes,
} from "@tidemark/stats";
import type { DataSet, Rows } from "./data-sets.ts";

/** What one way of estimating said of one metric of one window. */
export interface Answer {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly trust: EstimateTrust;
  /** Whether any window had matured when this was said. */
  readonly hasMatured: boolean;
}

export interface WindowResult {
  readonly metric: EstimatedMetric;
  readonly truth: number;
  /** The value on the reference, and of the last matured window (the reference's before there is one). */
  readonly constant: number;
  readonly last: number;
  readonly labelFree: Answer;
  readonly withLabels: Answer;
}

/** Those that the published tables are of. */
const MEASURED: readonly EstimatedMetric[] = [
  ...(["accuracy", "precision", "recall", "f1", "roc_auc"] as const),
  ...(["log_loss", "brier", "ece"] as const),
];
/** Labels of a window are known when the second one after it is judged. */
const DELAY_WINDOWS = 3;
const REFERENCE_ROWS = 20_000;
const MULTICLASS_METRICS: readonly EstimatedMetric[] = ["precision", "recall", "f1", "roc_auc"];

/** Runs the default estimate over a set's windows in order; of several classes macro means, whose interval is the classes' mean. */
export function backTest(set: DataSet): WindowResult[][] {
  if (set.classes.length === 0) return runStream(binaryStream(set));
  const streams = set.classes.map((_, k) => runStream(classStream(set, k)));
  const right = runStream(correctStream(set));
  return set.windows.map((_, w) => [
    ...right[w]!.filter(({ metric }) => metric === "accuracy"),
    ...MULTICLASS_METRICS.map((metric) =>
      meanResult(streams.map((stream) => stream[w]!.find((result) => result.metric === metric)!)),
    ),
  ]);
}

interface Stream {
  readonly reference: LabelledEstimationRows;
  readonly windows: readonly LabelledEstimationRows[];
}

type Question = (rows: Rows) => Pick<LabelledEstimationRows, "scores" | "predicted" | "outcomes">;

function binaryStream(set: DataSet): Stream {
  return streamOf(set, ({ scores, predicted, outcomes }) => ({ scores: scores[0]!, predicted, outcomes }));
}

function classStream(set: DataSet, k: number): Stream {
  return streamOf(set, ({ scores, predicted, outcomes }) => ({
    scores: scores[k]!,
    predicted: predicted.map((label) => (label === k ? 1 : 0)),
    outcomes: outcomes.map((label) => (label === k ? 1 : 0)),
  }));
}

/** Was the prediction right, by the score of the class predicted. */
function correctStream(set: DataSet): Stream {
  return streamOf(set, ({ scores, predicted, outcomes }) => ({
    scores: Float64Array.from(predicted, (label, i) => scores[label]![i]!),
    predicted: predicted.map(() => 1),
    outcomes: outcomes.map((label, i) => (label === predicted[i] ? 1 : 0)),
  }));
}

function streamOf(set: DataSet, ask: Question): Stream {
  const features = Object.entries(set.reference.features).map(([name, column]) => ({
    name,
    codes: learnFeatureCodes(column),
  }));
  const encode = (rows: Rows): LabelledEstimationRows => {
    const columns = features.map(({ name, codes }) => encodeFeature(codes, rows.features[name]!));
    return {
      ...ask(rows),
      codes: Array.from(rows.outcomes, (_, i) => columns.map((column) => column[i]!)),
      sizes: features.map(({ codes }) => codeCount(codes)),
    };
  };
  return { reference: encode(set.reference), windows: set.windows.map(encode) };
}

/** At most so many rows, evenly over time. */
function thin(rows: LabelledEstimationRows, most: number): LabelledEstimationRows {
  const count = Math.min(most, rows.codes.length);
  const places = Array.from({ length: count }, (_, i) => Math.floor((i * rows.codes.length) / count));
  return {
    ...rows,
    codes: places.map((i) => rows.codes[i]!),
    scores: Float64Array.from(places, (i) => rows.scores[i]!),
    predicted: Uint8Array.from(places, (i) => rows.predicted[i]!),
    outcomes: Uint8Array.from(places, (i) => rows.outcomes[i]!),
  };
}

function runStream({ reference: rows, windows }: Stream): WindowResult[][] {
  const reference = fitEstimationReference(countReferenceCells(rows), thin(rows, REFERENCE_ROWS));
  const outcomes = windows.map((window) => readOutcomes(reference, window));
  const records = { labelFree: [] as MaturedWindow[], withLabels: [] as MaturedWindow[] };
  return windows.map((window, w) => {
    const known = Math.max(0, w - DELAY_WINDOWS + 1);
    const rows = withoutOutcomes(window);
    const free = estimateWindow(reference, rows, []).metrics;
    records.labelFree.push({ ...outcomes[w]!, estimate: free });
    const mixed = estimateWindow(reference, rows, records.withLabels.slice(0, known)).metrics;
    records.withLabels.push({ ...outcomes[w]!, estimate: mixed });
    const labelFree = (metric: EstimatedMetric): Answer => ({
      ...free[metric],
      trust: estimateTrust(hitsOf(records.labelFree.slice(0, known), metric)),
      hasMatured: known > 0,
    });
    const withLabels = (metric: EstimatedMetric): Answer => ({ ...mixed[metric], hasMatured: known > 0 });
    return MEASURED.map((metric) => ({
      metric,
      truth: outcomes[w]!.truth[metric],
      constant: reference.truth[metric],
      last: known > 0 ? outcomes[known - 1]!.truth[metric] : reference.truth[metric],
      labelFree: labelFree(metric),
      withLabels: withLabels(metric),
    }));
  });
}

function hitsOf(matured: readonly MaturedWindow[], metric: EstimatedMetric): boolean[] {
  return matured.flatMap(({ estimate, truth }) => {
    const { lower, upper } = estimate[metric];
    if (![lower, upper, truth[metric]].every(Number.isFinite)) return [];
    return [lower <= truth[metric] && truth[metric] <= upper];
  });
}

function withoutOutcomes({ outcomes: _outcomes, ...rows }: LabelledEstimationRows): EstimationRows {
  return rows;
}

function meanResult(results: readonly WindowResult[]): WindowResult {
  const mean = (of: (result: WindowResult) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const answer = (of: (result: WindowResult) => Answer): Answer => ({
    value: mean((result) => of(result).value),
    lower: mean((result) => of(result).lower),
    upper: mean((result) => of(result).upper),
    trust: leastTrust(results.map((result) => of(result).trust)),
    hasMatured: of(results[0]!).hasMatured,
  });
  return {
    metric: results[0]!.metric,
    truth: mean(({ truth }) => truth),
    constant: mean(({ constant }) => constant),
    last: mean(({ last }) => last),
    labelFree: answer(({ labelFree }) => labelFree),
    withLabels: answer(({ withLabels }) => withLabels),
  };
}

function leastTrust(trusts: readonly EstimateTrust[]): EstimateTrust {
  return (["untrusted", "unproven"] as const).find((trust) => trusts.includes(trust)) ?? "trusted";
}
