/**
 * Area under the ROC curve of two sets of scores of weight 1, without an interval: P(positive > negative) + P(equal) / 2.
 * `rocAuc` on the same rows, at a tenth of its cost: there is no object a row.
 *
 * @param positive and `negative` finite scores in any order.
 * @returns NaN where one is empty. O(n log n).
 * @example areaOfScores(Float64Array.of(0.9, 0.2), Float64Array.of(0.2)) // 0.75
 */
export function areaOfScores(positive: Float64Array, negative: Float64Array): number {
  const high = Float64Array.from(positive).sort();
  const low = Float64Array.from(negative).sort();
  let below = 0;
  let notAbove = 0;
  let halves = 0;
  for (const score of high) {
    while (below < low.length && low[below]! < score) below++;
    while (notAbove < low.length && low[notAbove]! <= score) notAbove++;
    halves += below + notAbove;
  }
  return halves / (2 * high.length * low.length);
}
