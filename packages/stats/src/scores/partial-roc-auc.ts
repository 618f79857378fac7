import { type Estimate, NO_ESTIMATE } from "./estimate.ts";
import { logitInterval, newcombeInterval, type RankedRow } from "./roc-auc.ts";
import { thresholdCounts } from "./threshold-counts.ts";

/** Below this a variance is rounding. */
const VARIANCE_ROUNDING = 1e-24;

/** One straight piece of the ROC curve: all rows of one score. */
interface Piece {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/**
 * Area under the ROC curve up to a false positive rate f, standardised so that chance is 0.5 and perfection 1 (McClish), with a
 * 95 % interval.
 *
 * The standard error is DeLong's with placement values cut at f: a positive row adds max(0, f - FPR of its score), a negative one among
 * the f highest (TPR of its score) - TPR(f), the last term being what the estimated threshold costs; sums of squares over the
 * squared weight of the class, times n / (n - 1). The interval is normal on the logit scale; without variance (perfect separation) it is
 * Newcombe's for the f n highest negatives. With f = 1 everything is that of `rocAuc`.
 *
 * @param rows any order; finite scores.
 * @param maxFalsePositiveRate above 0, at most 1.
 * @returns nulls where a class is missing; no interval where fewer than one effective negative row lies below the rate.
 * @throws RangeError where the rate is not in (0, 1], or naming the row whose score is not finite or whose weight is negative.
 * Sources: D. K. McClish, Medical Decision Making 9 (1989), doi:10.1177/0272989X8900900307; D. D. Zhang et al., Statistics in Medicine 21
 * (2002), doi:10.1002/sim.1011 for the variance.
 */
export function partialRocAuc(rows: readonly RankedRow[], maxFalsePositiveRate: number): Estimate {
  if (!(maxFalsePositiveRate > 0 && maxFalsePositiveRate <= 1)) {
    throw new RangeError(`maxFalsePositiveRate is ${maxFalsePositiveRate}; expected a rate in (0, 1]`);
  }
  const most = maxFalsePositiveRate;
  const pieces = piecesOf(rows);
  if (pieces === null) return NO_ESTIMATE;
  const end = tprAt([...pieces.values()], most);
  const area = [...pieces.values()].reduce((sum, piece) => sum + (piece.top - piece.bottom) * reachOf(piece, most), 0);
  const ofPositive = classError(rows, true, (row) => reachOf(pieces.get(row.score)!, most) - area);
  const ofNegative = classError(
    rows,
    false,
    (row) => excessOf(pieces.get(row.score)!, most, end) - (area - most * end),
  );
  const chance = most ** 2 / 2;
  const standardized = (partial: number) => (1 + (partial - chance) / (most - chance)) / 2;
  const value = Math.min(1, Math.max(0, standardized(area)));
  const variance = ofPositive.variance + ofNegative.variance;
  if (variance > VARIANCE_ROUNDING && value > 0 && value < 1) {
    const standardError = Math.sqrt(variance) / (2 * (most - chance));
    const [lower, upper] = logitInterval(value, standardError);
    return { value, lower, upper, standardError };
  }
  const sizes: [number, number] = [ofPositive.size, most * ofNegative.size];
  if (!(sizes[1] >= 1)) return { ...NO_ESTIMATE, value };
  const [lower, upper] = newcombeInterval(Math.min(1, Math.max(0, area / most)), sizes);
  return { value, lower: standardized(lower * most), upper: standardized(upper * most), standardError: 0 };
}

/** By score; null where a class is missing. */
function piecesOf(rows: readonly RankedRow[]): Map<number, Piece> | null {
  const counts = thresholdCounts(rows);
  const positives = counts.at(-1)?.truePositive ?? 0;
  const negatives = counts.at(-1)?.falsePositive ?? 0;
  if (!(positives > 0 && negatives > 0)) return null;
  let [left, bottom] = [0, 0];
  return new Map(
    counts.map(({ threshold, truePositive, falsePositive }) => {
      const piece = { left, right: falsePositive / negatives, bottom, top: truePositive / positives };
      [left, bottom] = [piece.right, piece.top];
      return [threshold, piece];
    }),
  );
}

/** Mean of max(0, most - x) over the x of a piece: what one positive row of it adds to the area. */
function reachOf({ left, right }: Piece, most: number): number {
  if (left >= most) return 0;
  if (right <= most) return most - (left + right) / 2;
  return (most - left) ** 2 / (2 * (right - left));
}

/** Mean over the x of a piece, of TPR(x) - TPR(most) where x is below `most`, else 0. */
function excessOf({ left, right, bottom, top }: Piece, most: number, end: number): number {
  if (left >= most) return 0;
  if (right <= most) return (bottom + top) / 2 - end;
  return ((most - left) / (right - left)) * ((bottom + end) / 2 - end);
}

function tprAt(pieces: readonly Piece[], x: number): number {
  const { left, right, bottom, top } = pieces.findLast((piece) => piece.left <= x)!;
  return right <= x ? top : bottom + ((top - bottom) * (x - left)) / (right - left);
}

/** Effective rows of a class and the variance of a mean over it. */
function classError(rows: readonly RankedRow[], positive: boolean, influence: (row: RankedRow) => number) {
  let weight = 0;
  let squared = 0;
  let sum = 0;
  for (const row of rows) {
    if (row.positive !== positive || row.weight === 0) continue;
    weight += row.weight;
    squared += row.squaredWeight;
    sum += row.squaredWeight * influence(row) ** 2;
  }
  const size = weight ** 2 / squared;
  return { size, variance: size > 1 + 1e-12 ? ((sum / weight ** 2) * size) / (size - 1) : 0 };
}
