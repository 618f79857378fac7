import { linearPredictors, ridgeLeastSquares } from "../estimation/ridge-regression.ts";
import type { LossRows } from "./loss-split.ts";

const PENALTY = 10;
/** Rows of a value, on either side, from which on it counts. */
const LEAST_ROWS = 20;

/**
 * The shift of the loss that rows of every kind share. Of each feature the median over its values, weighted by their rows, of the mean
 * loss less what ridge least squares on the reference predicts, window less reference; of these the one nearest to zero, and 0
 * where they differ in sign.
 *
 * A rule that changed moves rows of every kind; bad weather moves those of some places and hours, and the mean with them.
 *
 * @throws RangeError as `ridgeLeastSquares`.
 */
export function commonLossShift(reference: LossRows, current: LossRows): number {
  const { sizes } = reference;
  const beta = ridgeLeastSquares(reference, reference.loss, { penalty: PENALTY });
  const before = residuals(reference, beta);
  const now = residuals(current, beta);
  const medians = sizes.map((size, j) => {
    const [then, later] = [meansByCode(reference, before, j, size), meansByCode(current, now, j, size)];
    const shifts = later.flatMap(({ rows, mean }, code) =>
      rows >= LEAST_ROWS && then[code]!.rows >= LEAST_ROWS ? [{ shift: mean - then[code]!.mean, rows }] : [],
    );
    return weightedMedian(shifts);
  });
  const isCommon = medians.every((median) => median > 0) || medians.every((median) => median < 0);
  return isCommon ? medians.reduce((least, median) => (Math.abs(median) < Math.abs(least) ? median : least)) : 0;
}

function residuals(rows: LossRows, beta: Float64Array): number[] {
  return Array.from(linearPredictors(rows, beta), (predicted, at) => rows.loss[at]! - predicted);
}

function meansByCode({ codes }: LossRows, values: readonly number[], feature: number, size: number) {
  const cells = Array.from({ length: size }, () => ({ rows: 0, sum: 0 }));
  codes.forEach((row, at) => {
    const cell = cells[row[feature]!]!;
    cell.rows += 1;
    cell.sum += values[at]!;
  });
  return cells.map(({ rows, sum }) => ({ rows, mean: rows === 0 ? 0 : sum / rows }));
}

/** 0 without any. */
function weightedMedian(shifts: readonly { readonly shift: number; readonly rows: number }[]): number {
  const sorted = shifts.toSorted((a, b) => a.shift - b.shift);
  const half = sorted.reduce((sum, { rows }) => sum + rows, 0) / 2;
  let seen = 0;
  for (const { shift, rows } of sorted) {
    seen += rows;
    if (seen >= half) return shift;
  }
  return 0;
}
