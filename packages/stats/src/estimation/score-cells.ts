import type { LabelSums } from "./calibrate-cells.ts";
import type { ScoreCells } from "./cell-metrics.ts";
import { binEdges, binOf } from "./value-bins.ts";

export interface ScoredRows {
  /** In [0, 1]. */
  readonly scores: ArrayLike<number>;
  /** Predicted label, 0 or 1. */
  readonly predicted: ArrayLike<number>;
}

/**
 * Inner edges of score bins: the reference's quantiles k/K, k = 1..K-1, and 0.1 to 0.9, distinct and rising.
 *
 * @param scores of the reference, in [0, 1], at least one. @param binCount K, 40 by default.
 */
export function scoreEdges(scores: ArrayLike<number>, binCount = 40): number[] {
  const tenths = Array.from({ length: 9 }, (_, k) => (k + 1) / 10);
  return [...new Set([...binEdges(scores, binCount), ...tenths])].sort((a, b) => a - b);
}

/** Sums by cell of rows; cell = 2 * score bin + predicted label, a score on an edge in the bin above. Cost O(n log edges). */
export function scoreCells({ scores, predicted }: ScoredRows, edges: readonly number[]): ScoreCells {
  const sums = () => new Float64Array(2 * (edges.length + 1));
  const cells = { n: sums(), score: sums(), squaredScore: sums(), positiveLoss: sums(), negativeLoss: sums(), edges };
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    const cell = scoreCell(score, predicted[i]!, edges);
    const cut = Math.min(1 - 1e-15, Math.max(1e-15, score));
    cells.n[cell]! += 1;
    cells.score[cell]! += score;
    cells.squaredScore[cell]! += score * score;
    cells.positiveLoss[cell]! -= Math.log(cut);
    cells.negativeLoss[cell]! -= Math.log(1 - cut);
  }
  return cells;
}

/** Sums by cell of matured rows with outcome 0 or 1; every row weighs one unless `weights` says otherwise. */
export function labelSums(
  { scores, predicted, outcomes, weights }: ScoredRows & { outcomes: ArrayLike<number>; weights?: ArrayLike<number> },
  edges: readonly number[],
): LabelSums {
  const sums = () => new Float64Array(2 * (edges.length + 1));
  const labels = { weight: sums(), squaredWeight: sums(), positive: sums() };
  for (let i = 0; i < scores.length; i++) {
    const cell = scoreCell(scores[i]!, predicted[i]!, edges);
    const weight = weights?.[i] ?? 1;
    labels.weight[cell]! += weight;
    labels.squaredWeight[cell]! += weight * weight;
    labels.positive[cell]! += weight * outcomes[i]!;
  }
  return labels;
}

/** Mean score of each cell, 0.5 where a cell holds no row: the prior that calibrateCells takes. */
export function cellPriors({ n, score }: ScoreCells): Float64Array {
  return Float64Array.from(n, (rows, c) => (rows > 0 ? score[c]! / rows : 0.5));
}

/** Mean of `values` over the rows of each cell; `otherwise` where a cell holds no row. */
export function cellShares(
  { scores, predicted }: ScoredRows,
  values: ArrayLike<number>,
  edges: readonly number[],
  otherwise: ArrayLike<number>,
): Float64Array {
  const sums = new Float64Array(2 * (edges.length + 1));
  const counts = new Float64Array(sums.length);
  for (let i = 0; i < scores.length; i++) {
    const cell = scoreCell(scores[i]!, predicted[i]!, edges);
    sums[cell]! += values[i]!;
    counts[cell]! += 1;
  }
  return sums.map((sum, cell) => (counts[cell]! > 0 ? sum / counts[cell]! : otherwise[cell]!));
}

function scoreCell(score: number, predicted: number, edges: readonly number[]): number {
  return 2 * binOf(score, edges) + predicted;
}
