import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type FeatureRows, requireRows, type StandardScale, standardized, standardScaleOf } from "./standard-scale.ts";

/** Principal components of a reference, for judging whether rows still keep to its correlations. */
export interface PcaReconstruction {
  readonly scale: StandardScale;
  /** Unit vectors over the standardized features, by falling variance. */
  readonly components: readonly Float64Array[];
  /** Share of the reference's variance that the components carry, in (0, 1]. */
  readonly explainedShare: number;
}

/**
 * Fits principal components on standardized features: the fewest that carry more than the share asked for.
 *
 * @param reference at least two rows of finite features; NaN is missing and takes the mean. Encode categories first (frequency encoding).
 * @param explainedShare in (0, 1); 0.65 by default, NannyML's.
 * @returns deterministic; a constant feature carries no variance. Cost: rows features^2 + features^3.
 * @throws RangeError where rows have different lengths, a value is infinite, no feature varies, or the share is not in (0, 1).
 * Source: I. T. Jolliffe, Principal Component Analysis (2002), doi:10.1007/b98835.
 * @example fitPcaReconstruction([[0, 0], [1, 2], [2, 4]]).components.length // 1: the features are one line
 */
export function fitPcaReconstruction(reference: FeatureRows, explainedShare = 0.65): PcaReconstruction {
  if (!(explainedShare > 0 && explainedShare < 1)) {
    throw new RangeError(`explainedShare is ${explainedShare}; expected a share in (0, 1)`);
  }
  const scale = standardScaleOf("reference", reference);
  const covariance = covarianceOf(reference, scale);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const variances = order.map((i) => Math.max(0, realEigenvalues[i]!));
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  if (!(total > 0)) throw new RangeError("reference has no feature that varies; there is nothing to reconstruct");
  let carried = 0;
  let kept = 0;
  while (kept < variances.length && carried <= explainedShare * total) carried += variances[kept++]!;
  const components = order.slice(0, kept).map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i)));
  return { scale, components, explainedShare: Math.min(1, carried / total) };
}

/**
 * How far each row is from its reconstruction by the components: the Euclidean distance in standardized features. Its mean over a window
 * rises where correlations of the reference break, and falls where values shrink to the mean, so both sides are drift.
 *
 * Counted on frozen boundaries the errors are a numeric feature like any other: they merge, and `judgeWindow` and `EDetector` judge them.
 *
 * @param rows as the reference's; may be empty.
 * @throws RangeError where a row has another length or an infinite value.
 * Source: NannyML's reconstruction error, whose mean over a chunk is the mean of these.
 */
export function reconstructionErrors(
  { scale, components }: Pick<PcaReconstruction, "scale" | "components">,
  rows: FeatureRows,
): Float64Array {
  requireRows("rows", rows, scale.means.length);
  return Float64Array.from(rows, (row) => {
    const rest = standardized(row, scale);
    for (const component of components) {
      let along = 0;
      for (let j = 0; j < rest.length; j++) along += component[j]! * rest[j]!;
      for (let j = 0; j < rest.length; j++) rest[j]! -= along * component[j]!;
    }
    return Math.hypot(...rest);
  });
}

function covarianceOf(rows: FeatureRows, scale: StandardScale): Matrix {
  const dimensions = scale.means.length;
  const sums = new Float64Array(dimensions * dimensions);
  for (const row of rows) {
    const values = standardized(row, scale);
    for (let i = 0; i < dimensions; i++) {
      for (let j = 0; j <= i; j++) sums[i * dimensions + j]! += values[i]! * values[j]!;
    }
  }
  const entry = (i: number, j: number) => sums[Math.max(i, j) * dimensions + Math.min(i, j)]! / rows.length;
  return new Matrix(Array.from(scale.means, (_, i) => Array.from(scale.means, (_, j) => entry(i, j))));
}
