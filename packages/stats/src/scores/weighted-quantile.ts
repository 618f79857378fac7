/**
 * Weighted quantile of values: the mean of the smallest value whose cumulated weight reaches `share` of the total and the
 * next one where it is reached exactly (within rounding); the usual median for equal weights and `share` 0.5.
 *
 * @param values finite, any order; at least one with weight.
 * @param weights at least 0, of the same length.
 * @param share in [0, 1].
 * @returns null without weight.
 * Source: scikit-learn's `_weighted_percentile(average=True)`; Hyndman and Fan's definition 2, doi:10.2307/2684934.
 * @example weightedQuantile([1, 2, 3, 4], [1, 1, 1, 1], 0.5) // 2.5
 */
export function weightedQuantile(values: ArrayLike<number>, weights: ArrayLike<number>, share: number): number | null {
  const order = Array.from(values, (_, i) => i)
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => values[a]! - values[b]!);
  if (order.length === 0) return null;
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  const wanted = share * total;
  const rounding = 4 * Number.EPSILON * total;
  let reached = 0;
  for (let at = 0; at < order.length; at++) {
    reached += weights[order[at]!]!;
    if (reached < wanted - rounding) continue;
    const value = values[order[at]!]!;
    const exactly = reached <= wanted + rounding && at + 1 < order.length;
    return exactly ? (value + values[order[at + 1]!]!) / 2 : value;
  }
  return values[order.at(-1)!]!;
}
