import { type Estimate, NO_ESTIMATE } from "./estimate.ts";
import { logLossOf } from "./log-loss.ts";
import { meanEstimate } from "./mean-estimate.ts";
import { type RankedRow, rocAuc } from "./roc-auc.ts";
import { shareEstimate } from "./share-estimate.ts";
import { type RowWeight, squaredWeightOf } from "./weighted-rows.ts";

/** Rows with equal score, prediction and truth: one class (the positive one) against the rest. */
export interface ScoredGroup extends RowWeight {
  /** Probability given to the positive class; null where none was given. */
  readonly score: number | null;
  /** Whether the positive class was predicted; null where no label was. */
  readonly predicted: boolean | null;
  /** Whether the outcome was the positive class. */
  readonly positive: boolean;
}

/** Scores of a binary classifier, each with its 95 % interval. */
export interface BinaryScores {
  readonly accuracy: Estimate;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  readonly rocAuc: Estimate;
  readonly logLoss: Estimate;
  readonly brier: Estimate;
  /** Share of positive outcomes. */
  readonly outcomeRate: Estimate;
}

/**
 * Scores of a binary classifier on weighted groups of rows; values equal scikit-learn's on the single rows.
 *
 * Intervals: Wilson at the effective size for shares (accuracy, precision, recall, outcome rate); for F1 = 2J / (1 + J),
 * Wilson's for the Jaccard share J, transformed; DeLong on the logit scale for ROC AUC; normal for the means log loss and Brier.
 *
 * @param groups in one fixed (sorted) order, in which the sums run. Labels are scored on groups with `predicted`, probabilities on
 *   those with `score`. Groups of weight 0 do not count.
 * @returns nulls where a score does not exist: no rows; precision without a positive prediction; recall without a positive
 *   outcome; ROC AUC with one class; log loss and Brier with a score outside [0, 1].
 * @throws RangeError naming the weight, count or score that is negative or not finite.
 * Sources: shareEstimate, rocAuc, meanEstimate; K. F. Y. Lam et al. (2023), arXiv:2309.14621 for F1.
 * @example binaryScores([{ score: 0.9, predicted: true, positive: true, weight: 1 }]).accuracy.value // 1
 */
export function binaryScores(groups: readonly ScoredGroup[]): BinaryScores {
  const labels: Record<Cell, Tally> = { all: tally(), tp: tally(), fp: tally(), fn: tally(), tn: tally() };
  const outcomes = { all: tally(), positive: tally() };
  const ranked: RankedRow[] = [];
  groups.forEach((group, index) => {
    const squared = squaredWeightOf(group, index);
    const { weight, positive, predicted, score } = group;
    if (weight === 0) return;
    add(outcomes.all, weight, squared);
    if (positive) add(outcomes.positive, weight, squared);
    if (predicted !== null) {
      add(labels.all, weight, squared);
      add(labels[cellOf(predicted, positive)], weight, squared);
    }
    if (score !== null) {
      if (!Number.isFinite(score)) throw new RangeError(`groups[${index}].score is ${score}; expected a finite number`);
      ranked.push({ score, positive, weight, squaredWeight: squared });
    }
  });
  return {
    ...labelScores(labels),
    rocAuc: rocAuc(ranked),
    ...probabilityScores(ranked),
    outcomeRate: shareEstimate(outcomes.positive.weight, outcomes.all.weight, outcomes.all.squared),
  };
}

type Cell = "all" | "tp" | "fp" | "fn" | "tn";

interface Tally {
  weight: number;
  squared: number;
}

function tally(): Tally {
  return { weight: 0, squared: 0 };
}

function add(sum: Tally, weight: number, squared: number): void {
  sum.weight += weight;
  sum.squared += squared;
}

function cellOf(predicted: boolean, positive: boolean): Cell {
  if (predicted) return positive ? "tp" : "fp";
  return positive ? "fn" : "tn";
}

function labelScores({ all, tp, fp, fn, tn }: Record<Cell, Tally>) {
  const among = (hits: number, cells: readonly Tally[]) =>
    shareEstimate(
      hits,
      cells.reduce((sum, cell) => sum + cell.weight, 0),
      cells.reduce((sum, cell) => sum + cell.squared, 0),
    );
  return {
    accuracy: among(tp.weight + tn.weight, [all]),
    precision: among(tp.weight, [tp, fp]),
    recall: among(tp.weight, [tp, fn]),
    f1: f1FromJaccard(among(tp.weight, [tp, fp, fn])),
  };
}

/** F1 = 2J / (1 + J) grows with J = tp / (tp + fp + fn), a plain share: so its limits are those of J, transformed. */
function f1FromJaccard({ value, lower, upper, standardError }: Estimate): Estimate {
  if (value === null) return NO_ESTIMATE;
  const f1 = (jaccard: number) => (2 * jaccard) / (1 + jaccard);
  return {
    value: f1(value),
    lower: f1(lower!),
    upper: f1(upper!),
    standardError: (2 * standardError!) / (1 + value) ** 2,
  };
}

function probabilityScores(rows: readonly RankedRow[]): { logLoss: Estimate; brier: Estimate } {
  if (rows.some(({ score }) => score < 0 || score > 1)) return { logLoss: NO_ESTIMATE, brier: NO_ESTIMATE };
  const weights = rows.map((row) => row.weight);
  const squaredWeights = rows.map((row) => row.squaredWeight);
  const losses = rows.map(({ score, positive }) => logLossOf(positive ? score : 1 - score));
  const squares = rows.map(({ score, positive }) => (score - (positive ? 1 : 0)) ** 2);
  return {
    logLoss: meanEstimate({ values: losses, weights, squaredWeights }, [0, Infinity]),
    brier: meanEstimate({ values: squares, weights, squaredWeights }, [0, 1]),
  };
}
