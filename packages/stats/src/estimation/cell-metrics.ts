import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import type { CalibratedCells } from "./calibrate-cells.ts";

/** One window by cell; cell = 2 * score bin + predicted label. Sums of rows, score, score^2, -ln score and -ln(1 - score). */
export interface ScoreCells {
  readonly n: ArrayLike<number>;
  readonly score: ArrayLike<number>;
  readonly squaredScore: ArrayLike<number>;
  readonly positiveLoss: ArrayLike<number>;
  readonly negativeLoss: ArrayLike<number>;
  /** Rising inner edges; a score on an edge belongs above. There are 2 (edges + 1) cells. */
  readonly edges: readonly number[];
}

export const estimatedMetrics = [
  "accuracy",
  "precision",
  "recall",
  "f1",
  "roc_auc",
  "log_loss",
  "brier",
  "ece",
  "specificity",
  "balanced_accuracy",
  "matthews",
  "kappa",
  "average_precision",
  "outcome_rate",
  "hit_share",
] as const;
export type EstimatedMetric = (typeof estimatedMetrics)[number];

/** Share of the rows by predicted and true class. */
export interface BinaryShares {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** Scores of decisions, beside those with a name of their own; NaN where one is not defined. */
export function decisionMetrics({ tp, fp, fn, tn }: BinaryShares) {
  const all = tp + fp + fn + tn;
  const [said, came] = [tp + fp, tp + fn];
  const [notSaid, notCame] = [all - said, all - came];
  const specificity = notCame > 0 ? tn / notCame : Number.NaN;
  const expected = said * came + notSaid * notCame;
  const product = said * came * notSaid * notCame;
  return {
    specificity,
    balanced_accuracy: came > 0 ? (tp / came + specificity) / 2 : Number.NaN,
    matthews: product > 0 ? (tp * tn - fp * fn) / Math.sqrt(product) : Number.NaN,
    kappa: expected < all * all ? ((tp + tn) * all - expected) / (all * all - expected) : Number.NaN,
    outcome_rate: came / all,
    /** Right predictions of the positive class among all rows. */
    hit_share: tp / all,
  };
}

/**
 * Expected metrics of a window from cells and the share of positives expected in each. Assumes that share is known; the
 * calibration error is the expected realised one, sum E|N(d, sd^2)| over ten equal bins, since a realised one holds noise.
 *
 * @param noiseShare share for the noise of the calibration error, `share` by default.
 * @returns each metric; NaN where it is not defined (no predicted positives, one class only).
 */
export function cellMetrics(
  cells: ScoreCells,
  share: ArrayLike<number>,
  noiseShare: ArrayLike<number> = share,
): Record<EstimatedMetric, number> {
  const total = { rows: 0, tp: 0, fp: 0, fn: 0, tn: 0, logLoss: 0, brier: 0 };
  const gaps = new Float64Array(10);
  const variances = new Float64Array(10);
  const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const byBin: { positives: number; negatives: number }[] = [];
  let rank = 0;
  let negativesBelow = 0;
  for (let bin = 0; bin <= cells.edges.length; bin++) {
    const upper = cells.edges[bin] ?? Number.POSITIVE_INFINITY;
    const tenth = tenths.filter((edge) => edge < upper).length;
    let positives = 0;
    let negatives = 0;
    for (const c of [2 * bin, 2 * bin + 1]) {
      const n = cells.n[c]!;
      const p = share[c]!;
      const q = n * p;
      const f = n - q;
      total.rows += n;
      total[c % 2 ? "tp" : "fn"] += q;
      total[c % 2 ? "fp" : "tn"] += f;
      total.logLoss += p * cells.positiveLoss[c]! + (1 - p) * cells.negativeLoss[c]!;
      total.brier += cells.squaredScore[c]! - 2 * p * cells.score[c]! + q;
      gaps[tenth]! += q - cells.score[c]!;
      variances[tenth]! += n * noiseShare[c]! * (1 - noiseShare[c]!);
      positives += q;
      negatives += f;
    }
    byBin.push({ positives, negatives });
    rank += positives * (negativesBelow + negatives / 2);
    negativesBelow += negatives;
  }
  const { rows, tp, fp, fn, tn } = total;
  const pairs = (tp + fn) * negativesBelow;
  return {
    accuracy: (tp + tn) / rows,
    precision: tp + fp > 0 ? tp / (tp + fp) : Number.NaN,
    recall: tp + fn > 0 ? tp / (tp + fn) : Number.NaN,
    f1: 2 * tp + fp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : Number.NaN,
    roc_auc: pairs > 0 ? rank / pairs : Number.NaN,
    log_loss: total.logLoss / rows,
    brier: total.brier / rows,
    ece: gaps.reduce((sum, gap, b) => sum + foldedMean(Math.abs(gap) / rows, Math.sqrt(variances[b]!) / rows), 0),
    ...decisionMetrics(total),
    average_precision: averagePrecisionOf(byBin, tp + fn),
  };
}

/** Sum of (R_k - R_(k-1)) P_k from the highest bin down. */
function averagePrecisionOf(
  byBin: readonly { readonly positives: number; readonly negatives: number }[],
  all: number,
): number {
  let value = 0;
  let found = 0;
  let said = 0;
  for (let bin = byBin.length - 1; bin >= 0; bin--) {
    const { positives, negatives } = byBin[bin]!;
    found += positives;
    said += positives + negatives;
    if (positives > 0) value += (positives / all) * (found / said);
  }
  return all > 0 ? value : Number.NaN;
}

/**
 * Sampling and calibration variance of each cell metric by the delta method, derivatives by central differences of step 1e-5.
 *
 * @param at shares at which derivatives are taken; blocks and their variances are those of `calibrated`.
 */
export function cellMetricVariances(
  cells: ScoreCells,
  at: ArrayLike<number>,
  calibrated: Pick<CalibratedCells, "block" | "blockVariance">,
): Record<EstimatedMetric, { sampling: number; calibration: number }> {
  const step = 1e-5;
  const blocks = estimatedMetrics.map(() => new Float64Array(calibrated.blockVariance.length));
  const sampling = estimatedMetrics.map(() => 0);
  const moved = Float64Array.from(at);
  for (let c = 0; c < moved.length; c++) {
    const n = cells.n[c]!;
    if (n === 0) continue;
    moved[c] = at[c]! + step;
    const above = cellMetrics(cells, moved, at);
    moved[c] = at[c]! - step;
    const below = cellMetrics(cells, moved, at);
    moved[c] = at[c]!;
    const margin = 0.5 / (n + 1);
    const p = Math.min(1 - margin, Math.max(margin, at[c]!));
    estimatedMetrics.forEach((metric, m) => {
      const slope = (above[metric] - below[metric]) / (2 * step);
      sampling[m]! += (slope * slope * p * (1 - p)) / n;
      blocks[m]![calibrated.block[c]!]! += slope;
    });
  }
  const entries = estimatedMetrics.map((metric, m) => {
    const calibration = blocks[m]!.reduce((sum, g, b) => sum + g * g * calibrated.blockVariance[b]!, 0);
    return [metric, { sampling: sampling[m]!, calibration }] as const;
  });
  return Object.fromEntries(entries) as Record<EstimatedMetric, { sampling: number; calibration: number }>;
}

/** E|N(mean, sd^2)| for mean >= 0. */
function foldedMean(mean: number, sd: number): number {
  const spread = Math.max(sd, 1e-12);
  const t = mean / spread;
  return spread * Math.sqrt(2 / Math.PI) * Math.exp((-t * t) / 2) + mean * (1 - 2 * normalUpperTail(t));
}
