import { agreementScore } from "../scores/agreement-score.ts";
import { classScore } from "../scores/class-score.ts";
import { binEdges, binOf } from "./value-bins.ts";

/** Scores of several classes that their confusion matrix gives; the first three are means over the classes. */
export const confusionMetricNames = ["precision", "recall", "f1", "balanced_accuracy", "matthews", "kappa"] as const;
export type ConfusionMetric = (typeof confusionMetricNames)[number];
export type ConfusionMetrics = Readonly<Record<ConfusionMetric, number>>;

/** What a model of several classes said: the class predicted, as its index, and its score. */
export interface ClassifiedRows {
  readonly predicted: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** Score bins by predicted class: cell = predicted * SCORE_BINS + bin. */
export interface ConfusionLayout {
  readonly classes: number;
  /** By predicted class, the rising inner edges of its score bins; a score on an edge belongs above. */
  readonly edges: readonly (readonly number[])[];
}

/** Score bins of a predicted class at most, and rows that each should hold. */
const SCORE_BINS = 10;
const ROWS_PER_BIN = 50;

/** Score bins of the reference's predictions, each class its own. */
export function confusionLayout({ predicted, scores }: ClassifiedRows, classes: number): ConfusionLayout {
  const edges = Array.from({ length: classes }, (_, k) => {
    const own = Array.from({ length: scores.length }, (_each, i) => i)
      .filter((i) => predicted[i] === k)
      .map((i) => scores[i]!);
    const bins = Math.min(SCORE_BINS, Math.floor(own.length / ROWS_PER_BIN));
    return bins < 2 ? [] : binEdges(own, bins);
  });
  return { classes, edges };
}

/** The cell of each row. */
export function confusionCells({ edges }: ConfusionLayout, { predicted, scores }: ClassifiedRows): Uint16Array {
  return Uint16Array.from(
    { length: scores.length },
    (_, i) => predicted[i]! * SCORE_BINS + binOf(scores[i]!, edges[predicted[i]!]!),
  );
}

/** Weight of the rows of each cell by what came true: counts[cell * classes + outcome]. */
export function countConfusion(
  { classes }: ConfusionLayout,
  cells: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Float64Array {
  const counts = new Float64Array(classes * SCORE_BINS * classes);
  for (let i = 0; i < cells.length; i++) counts[cells[i]! * classes + outcomes[i]!]! += weights?.[i] ?? 1;
  return counts;
}

/**
 * Share of each outcome in each cell. A cell's counts are mixed with `priorRows` rows of `prior`, by default with one of what came true of all
 * rows of its predicted class, themselves mixed with one of equal shares.
 *
 * @returns shares[cell * classes + outcome]; the shares of a cell sum to one.
 */
export function confusionShares(
  { classes }: ConfusionLayout,
  counts: Float64Array,
  prior?: { readonly shares: Float64Array; readonly rows: number },
): Float64Array {
  const shares = new Float64Array(counts.length);
  const perClass = SCORE_BINS * classes;
  for (let k = 0; k < classes; k++) {
    const pooled = new Float64Array(classes);
    for (let at = 0; at < perClass; at++) pooled[at % classes]! += counts[k * perClass + at]!;
    const total = pooled.reduce((sum, n) => sum + n, 0);
    for (let bin = 0; bin < SCORE_BINS; bin++) {
      const first = k * perClass + bin * classes;
      let rows = 0;
      for (let outcome = 0; outcome < classes; outcome++) rows += counts[first + outcome]!;
      const priorRows = prior?.rows ?? 1;
      for (let outcome = 0; outcome < classes; outcome++) {
        const usual = prior?.shares[first + outcome] ?? (pooled[outcome]! + 1 / classes) / (total + 1);
        shares[first + outcome] = (counts[first + outcome]! + priorRows * usual) / (rows + priorRows);
      }
    }
  }
  return shares;
}

/** The confusion matrix that is expected of rows by cell: matrix[outcome * classes + predicted]. */
export function expectedConfusion(
  { classes }: ConfusionLayout,
  rows: ArrayLike<number>,
  shares: ArrayLike<number>,
): number[] {
  const matrix = new Array<number>(classes * classes).fill(0);
  for (let cell = 0; cell < rows.length; cell++) {
    const predicted = Math.floor(cell / SCORE_BINS);
    for (let outcome = 0; outcome < classes; outcome++) {
      matrix[outcome * classes + predicted]! += rows[cell]! * shares[cell * classes + outcome]!;
    }
  }
  return matrix;
}

/** Rows of each cell. */
export function rowsByCell({ classes }: ConfusionLayout, cells: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(classes * SCORE_BINS);
  for (let i = 0; i < cells.length; i++) rows[cells[i]!]! += 1;
  return rows;
}

/** The scores of a matrix, as of known outcomes: a class without a prediction or an outcome counts 0. NaN where one does not exist. */
export function confusionMetrics(matrix: readonly number[], classes: number): Record<ConfusionMetric, number> {
  const mean = (kind: "precision" | "recall" | "f") =>
    classScore(matrix, classes, { kind, average: "macro", beta: 1, undefinedAs: 0 }) ?? Number.NaN;
  const agreement = (kind: "balanced_accuracy" | "matthews" | "kappa") =>
    agreementScore(matrix, classes, kind) ?? Number.NaN;
  return {
    precision: mean("precision"),
    recall: mean("recall"),
    f1: mean("f"),
    balanced_accuracy: agreement("balanced_accuracy"),
    matthews: agreement("matthews"),
    kappa: agreement("kappa"),
  };
}

/**
 * Sampling and calibration variance of each score by the delta method: a cell of n rows has multinomial outcomes with the given shares,
 * which were learned from `learned` rows. Derivatives by central differences of a thousandth of a row.
 */
export function confusionVariances(
  layout: ConfusionLayout,
  rows: ArrayLike<number>,
  shares: ArrayLike<number>,
  learned: ArrayLike<number>,
): Record<ConfusionMetric, { sampling: number; calibration: number }> {
  const { classes } = layout;
  const matrix = expectedConfusion(layout, rows, shares);
  const step = 1e-3;
  const slopes = matrix.map((_, at) => {
    const moved = (by: number) => confusionMetrics(matrix.with(at, matrix[at]! + by), classes);
    const [above, below] = [moved(step), moved(-step)];
    return (metric: ConfusionMetric) => (above[metric] - below[metric]) / (2 * step);
  });
  const entries = confusionMetricNames.map((metric) => {
    const own = slopes.map((slope) => slope(metric));
    const variance = { sampling: 0, calibration: 0 };
    for (let cell = 0; cell < rows.length; cell++) {
      if (rows[cell] === 0) continue;
      const predicted = Math.floor(cell / SCORE_BINS);
      let mean = 0;
      let square = 0;
      for (let outcome = 0; outcome < classes; outcome++) {
        const slope = own[outcome * classes + predicted]!;
        const share = shares[cell * classes + outcome]!;
        mean += share * slope;
        square += share * slope * slope;
      }
      const spread = Math.max(0, square - mean * mean);
      variance.sampling += rows[cell]! * spread;
      variance.calibration += (rows[cell]! ** 2 * spread) / (learned[cell]! + 1);
    }
    return [metric, variance] as const;
  });
  return Object.fromEntries(entries) as Record<ConfusionMetric, { sampling: number; calibration: number }>;
}
