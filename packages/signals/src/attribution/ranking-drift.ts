/**
 * 1 - NDCG of a ranking of features against the reference's (Jarvelin & Kekalainen 2002): a feature's gain is its reference importance,
 * discounted by the logarithm of the place that the window gives it. 0 for the reference's own order; the more important the
 * features that change places, the larger.
 *
 * @param shares importance by feature in the window. @param reference the same by the reference, in the same order, not all 0.
 * @returns in [0, 1).
 */
export function rankingDrift(shares: readonly number[], reference: readonly number[]): number {
  const gained = gain(places(shares), reference);
  return Math.max(0, 1 - gained / gain(places(reference), reference));
}

/** Indexes by falling value; ties in the features' own order. */
function places(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((a, b) => values[b]! - values[a]! || a - b);
}

function gain(order: readonly number[], reference: readonly number[]): number {
  return order.reduce((sum, feature, place) => sum + reference[feature]! / Math.log2(place + 2), 0);
}
