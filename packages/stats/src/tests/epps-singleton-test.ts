import { covariance, EigenvalueDecomposition, Matrix } from "ml-matrix";
import { exactQuantile } from "../descriptive/exact-quantile.ts";
import { sumOf } from "../descriptive/sum-of.ts";
import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import { requireSample } from "./require-sample.ts";
import type { TestResult } from "./test-result.ts";

/** Where the characteristic functions are compared, in units of half the pooled interquartile range. */
const POINTS = [0.4, 0.8];
/** Eigenvalues below this share of the largest count as 0, as numpy's pseudo-inverse has it. */
const RANK_CUTOFF = 1e-15;
/** Sizes of the larger sample below which the statistic is corrected. */
const SMALL = 25;

/**
 * Epps-Singleton test: whether the empirical characteristic functions of two samples differ at 0.4 and 0.8. Unlike Kolmogorov-Smirnov it
 * does not need continuous data, and it is often the more powerful.
 *
 * W = n d' S^+ d, d the difference of the means of (cos tx, sin tx), S their estimated covariance; chi-square with rank(S) degrees of freedom.
 *
 * @param x raw finite values, at least five.
 * @param y as x.
 * @throws RangeError where a sample has fewer than five values, one is NaN or infinite, or the middle half of the pooled values are equal.
 * Source: T. W. Epps, K. J. Singleton, Journal of Statistical Computation and Simulation 26 (1986), doi:10.1080/00949658608810963.
 * @example eppsSingletonTest([1, 2, 3, 4, 5], [1, 2, 3, 4, 6]).pValue // 0.943
 */
export function eppsSingletonTest(x: ArrayLike<number>, y: ArrayLike<number>): TestResult {
  for (const [name, sample] of [
    ["x", x],
    ["y", y],
  ] as const) {
    requireSample(name, sample);
    if (sample.length < 5) throw new RangeError(`${name} has ${sample.length} values; expected at least five`);
  }
  const pooled = Float64Array.of(...Array.from(x), ...Array.from(y)).sort();
  const spread = exactQuantile(pooled, 0.75) - exactQuantile(pooled, 0.25);
  if (!(Number.isFinite(1 / spread) && pooled.every((value) => Number.isFinite(value / (spread / 2))))) {
    throw new RangeError(`x and y have a pooled interquartile range of ${spread}; expected finite values that vary`);
  }
  const [ofX, ofY] = [features(x, spread / 2), features(y, spread / 2)];
  const n = x.length + y.length;
  const inverse = pseudoInverse(
    Matrix.add(Matrix.mul(spreadOf(ofX), n / x.length), Matrix.mul(spreadOf(ofY), n / y.length)),
  );
  const means = (rows: Matrix) => Matrix.rowVector(rows.mean("column"));
  const difference = Matrix.sub(means(ofX), means(ofY));
  const statistic = n * difference.mmul(inverse.matrix).mmul(difference.transpose()).get(0, 0) * smallSample(x, y);
  return { statistic, pValue: chiSquareUpperTail(statistic, inverse.rank) };
}

/** One row a value: cos t1 x, cos t2 x, sin t1 x, sin t2 x. */
function features(values: ArrayLike<number>, unit: number): Matrix {
  const angles = POINTS.map((point) => point / unit);
  return new Matrix(
    Array.from(values, (value) => [
      ...angles.map((t) => Math.cos(t * value)),
      ...angles.map((t) => Math.sin(t * value)),
    ]),
  );
}

/** Covariance over n, not n - 1. */
function spreadOf(rows: Matrix): Matrix {
  return Matrix.mul(covariance(rows), (rows.rows - 1) / rows.rows);
}

function pseudoInverse(symmetric: Matrix): { readonly matrix: Matrix; readonly rank: number } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const largest = Math.max(...realEigenvalues.map(Math.abs));
  const kept = realEigenvalues.map((value) => Math.abs(value) > RANK_CUTOFF * largest);
  const inverted = realEigenvalues.map((value, i) => (kept[i] ? 1 / value : 0));
  const matrix = eigenvectorMatrix.mmul(Matrix.diag(inverted)).mmul(eigenvectorMatrix.transpose());
  return { matrix, rank: kept.filter(Boolean).length };
}

function smallSample(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (Math.max(x.length, y.length) >= SMALL) return 1;
  const sizes = [x.length, y.length];
  return 1 / (1 + (x.length + y.length) ** -0.45 + 10.1 * sumOf(2, (i) => sizes[i]! ** -1.7));
}
