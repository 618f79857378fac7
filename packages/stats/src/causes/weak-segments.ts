import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import type { CodedRows } from "../estimation/ridge-regression.ts";

type RowsWithLoss = CodedRows & { readonly loss: ArrayLike<number> };

export interface WeakSegment {
  /** One feature's index, or two in rising order. */
  readonly features: readonly number[];
  /** The code of each feature. */
  readonly codes: readonly number[];
  readonly n: number;
  readonly mean: number;
  readonly comparedMean: number;
  readonly gap: number;
  readonly gapError: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
  /** (gap - 1.645 se) * share of the window: what segments are ranked by. */
  readonly score: number;
}

export interface WeakSegmentOptions {
  /** Compare with the same cell of these rows; without it with the rest of the window. */
  readonly reference?: RowsWithLoss;
  readonly minRows?: number;
  readonly alpha?: number;
}

/**
 * Segments (one feature's code, or two features' codes together) whose mean loss is above what it is compared with: one-sided Welch z
 * (variance + 0.25/n^2), Holm over everything tested. A pair is dropped if it adds less than 2 joint errors over a kept parent.
 *
 * @returns segments, heaviest first, and how many were tested. Cost O(rows features^2).
 * Source: S. Holm, Scandinavian Journal of Statistics 6 (1979); B. L. Welch, Biometrika 34 (1947), doi:10.1093/biomet/34.1-2.28.
 */
export function findWeakSegments(
  window: RowsWithLoss,
  { reference, minRows = 50, alpha = 0.05 }: WeakSegmentOptions = {},
): { segments: WeakSegment[]; testedCount: number } {
  const tested = selections(window.sizes.length).flatMap((features) => {
    const cells = cellSums(window, features);
    const compared = reference && cellSums(reference, features);
    const whole = sumsOf(cells);
    return cells.flatMap((cell, code) => {
      const other = compared
        ? compared[code]!
        : { n: whole.n - cell.n, sum: whole.sum - cell.sum, squares: whole.squares - cell.squares };
      if (cell.n < minRows || other.n < minRows) return [];
      const mean = cell.sum / cell.n;
      const comparedMean = other.sum / other.n;
      const gapError = Math.sqrt(errorVariance(cell) + errorVariance(other));
      const second = window.sizes[features[1] ?? 0]!;
      const codes = features.length === 1 ? [code] : [Math.floor(code / second), code % second];
      const gap = mean - comparedMean;
      return [
        { features, codes, n: cell.n, mean, comparedMean, gap, gapError, pValue: normalUpperTail(gap / gapError) },
      ];
    });
  });
  // Stable: equal p-values keep the order of features and codes.
  tested.sort((a, b) => a.pValue - b.pValue);
  const kept: WeakSegment[] = [];
  for (const [i, cell] of tested.entries()) {
    const adjusted = cell.pValue * (tested.length - i);
    if (adjusted > alpha) break;
    const score = ((cell.gap - 1.645 * cell.gapError) * cell.n) / window.loss.length;
    kept.push({ ...cell, adjustedPValue: Math.min(1, adjusted), score });
  }
  const segments = kept.filter((pair) => pair.features.length === 1 || !explainedByParent(pair, kept));
  return { segments: segments.sort((a, b) => b.score - a.score), testedCount: tested.length };
}

interface Sums {
  n: number;
  sum: number;
  squares: number;
}

function selections(count: number): number[][] {
  const singles = Array.from({ length: count }, (_, j) => [j]);
  return [...singles, ...singles.flatMap(([i]) => singles.slice(i! + 1).map(([j]) => [i!, j!]))];
}

function cellSums({ codes, sizes, loss }: RowsWithLoss, features: readonly number[]): Sums[] {
  const size = features.reduce((product, j) => product * sizes[j]!, 1);
  const cells = Array.from({ length: size }, () => ({ n: 0, sum: 0, squares: 0 }));
  codes.forEach((row, i) => {
    const cell = cells[features.reduce((key, j) => key * sizes[j]! + row[j]!, 0)]!;
    cell.n += 1;
    cell.sum += loss[i]!;
    cell.squares += loss[i]! ** 2;
  });
  return cells;
}

function sumsOf(cells: readonly Sums[]): Sums {
  const whole = { n: 0, sum: 0, squares: 0 };
  for (const cell of cells) {
    whole.n += cell.n;
    whole.sum += cell.sum;
    whole.squares += cell.squares;
  }
  return whole;
}

function errorVariance({ n, sum, squares }: Sums): number {
  return Math.max(squares / n - (sum / n) ** 2, 0) / n + 0.25 / n ** 2;
}

function explainedByParent(pair: WeakSegment, kept: readonly WeakSegment[]): boolean {
  return kept.some(
    (one) =>
      one.features.length === 1 &&
      pair.codes[pair.features.indexOf(one.features[0]!)] === one.codes[0] &&
      pair.gap - one.gap < 2 * Math.hypot(pair.gapError, one.gapError),
  );
}
