/** Matured rows per cell: sums of weight, squared weight and weighted outcome. */
export interface LabelSums {
  readonly weight: ArrayLike<number>;
  readonly squaredWeight: ArrayLike<number>;
  readonly positive: ArrayLike<number>;
}

/** Expected share of positives per cell; cells that were pooled share a block. */
export interface CalibratedCells {
  readonly share: Float64Array;
  readonly block: Int32Array;
  readonly blockVariance: Float64Array;
}

/**
 * Weighted isotonic regression (pool adjacent violators): the non-decreasing fit of least weighted squares, and the pooled block of each value.
 *
 * @param weights not negative, as many as `values`. Cost O(n).
 * Source: R. E. Barlow et al., Statistical Inference under Order Restrictions (1972).
 * @example poolAdjacentViolators([1, 0], [1, 1]).fit // [0.5, 0.5]
 */
export function poolAdjacentViolators(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
): { fit: Float64Array; block: Int32Array } {
  const blocks: { value: number; weight: number; count: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    let last = { value: values[i]!, weight: weights[i]!, count: 1 };
    for (let before = blocks.at(-1); before && before.value > last.value; before = blocks.at(-1)) {
      const weight = before.weight + last.weight;
      const value = weight > 0 ? (before.value * before.weight + last.value * last.weight) / weight : before.value;
      last = { value, weight, count: before.count + last.count };
      blocks.pop();
    }
    blocks.push(last);
  }
  const fit = new Float64Array(values.length);
  const block = new Int32Array(values.length);
  let start = 0;
  blocks.forEach(({ value, count }, index) => {
    fit.fill(value, start, start + count);
    block.fill(index, start, start + count);
    start += count;
  });
  return { fit, block };
}

/**
 * Isotonic calibration of cells in score order: smoothed share (Y + a prior)/(W + a), pooled; variance of a block p(1-p)/(neff + 1),
 * neff = (sum w)^2 / sum w^2, p kept 0.5/(neff + 1) from 0 and 1.
 *
 * @param prior share assumed for the `pseudoRows`, mostly the cell's mean score. The extra variance of weighting is not in the result.
 */
export function calibrateCells(sums: LabelSums, prior: ArrayLike<number>, pseudoRows = 1): CalibratedCells {
  const weights = Float64Array.from(sums.weight, (weight) => weight + pseudoRows);
  const smoothed = weights.map((weight, c) => (sums.positive[c]! + pseudoRows * prior[c]!) / weight);
  const { fit: share, block } = poolAdjacentViolators(smoothed, weights);
  const blockCount = (block.at(-1) ?? -1) + 1;
  const pooled = Array.from({ length: blockCount }, () => ({ weight: 0, squared: 0, share: 0 }));
  block.forEach((b, c) => {
    pooled[b]!.weight += sums.weight[c]!;
    pooled[b]!.squared += sums.squaredWeight[c]!;
    pooled[b]!.share = share[c]!;
  });
  const blockVariance = Float64Array.from(pooled, ({ weight, squared, share: p }) => {
    const effective = squared > 0 ? (weight * weight) / squared : 0;
    const margin = 0.5 / (effective + 1);
    const kept = Math.min(1 - margin, Math.max(margin, p));
    return (kept * (1 - kept)) / (effective + 1);
  });
  return { share, block, blockVariance };
}
