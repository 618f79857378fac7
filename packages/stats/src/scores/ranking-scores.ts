/** Items of one query: how relevant each truly is, and the score by which the model ranks it. */
export interface RankedQuery {
  /** Gains of at least 0, linear. */
  readonly relevance: readonly number[];
  readonly scores: readonly number[];
}

export interface DcgOptions {
  /** Only the first k places count; all by default. */
  readonly k?: number;
  /** `average` (default): items of equal score share the mean of their gains. `last-first`: the later item ranks higher. */
  readonly ties?: "average" | "last-first";
}

/**
 * Discounted cumulative gain: sum over places r = 1, 2, ... of relevance / log2(r + 1).
 *
 * @param query at least one item.
 * @throws RangeError where the lists differ in length or are empty, a number is not finite, or k is not at least 1.
 * Source: K. Järvelin, J. Kekäläinen, ACM TOIS 20 (2002), doi:10.1145/582415.582418; ties: F. McSherry, M. Najork, ECIR 2008,
 * doi:10.1007/978-3-540-78646-7_38.
 * @example discountedCumulativeGain({ relevance: [1, 0], scores: [0.1, 0.9] }) // 0.6309
 */
export function discountedCumulativeGain(query: RankedQuery, { k, ties = "average" }: DcgOptions = {}): number {
  const { relevance, scores } = query;
  if (relevance.length === 0 || relevance.length !== scores.length) {
    throw new RangeError(
      `scores has ${scores.length} entries; expected ${relevance.length}, as relevance, and at least one`,
    );
  }
  for (const [name, values] of Object.entries({ relevance, scores })) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new RangeError(`${name}[${at}] is ${values[at]}; expected a finite number`);
  }
  const places = k ?? relevance.length;
  if (!(places >= 1)) throw new RangeError(`k is ${k}; expected at least 1`);
  const discount = (place: number) => (place < places ? 1 / Math.log2(place + 2) : 0);
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || b - a);
  let gain = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    if (ties === "average") while (end < order.length && scores[order[end]!] === scores[order[start]!]) end += 1;
    let gains = 0;
    let discounts = 0;
    for (let place = start; place < end; place++) {
      gains += relevance[order[place]!]!;
      discounts += discount(place);
    }
    gain += (gains / (end - start)) * discounts;
    start = end;
  }
  return gain;
}

/**
 * Normalised discounted cumulative gain: the gain divided by that of the best order.
 *
 * @param query see discountedCumulativeGain; relevance of at least 0.
 * @returns in [0, 1]; 0 where nothing is relevant, as scikit-learn has it.
 * @throws RangeError as discountedCumulativeGain, or where a relevance is negative.
 */
export function normalizedDiscountedCumulativeGain(query: RankedQuery, options: DcgOptions = {}): number {
  const negative = query.relevance.findIndex((relevance) => !(relevance >= 0));
  if (negative >= 0)
    throw new RangeError(`relevance[${negative}] is ${query.relevance[negative]}; expected at least 0`);
  const largest = query.relevance.reduce((a, b) => Math.max(a, b), 0);
  // In units of the largest, so that no sum overflows.
  const relevance = query.relevance.map((gain) => (largest > 0 && largest < Infinity ? gain / largest : gain));
  const best = discountedCumulativeGain({ relevance, scores: relevance }, options);
  return best === 0 ? 0 : discountedCumulativeGain({ ...query, relevance }, options) / best;
}

/**
 * Label ranking average precision of a query: over its relevant items, the mean share of relevant ones among those ranked at least as high.
 *
 * @param query relevant items have a relevance above 0.
 * @returns in (0, 1]; 1 where all items or none are relevant.
 * @throws RangeError where the lists differ in length or are empty, or a score is NaN.
 * Source: G. Tsoumakas, I. Katakis, I. Vlahavas, Data Mining and Knowledge Discovery Handbook (2010), doi:10.1007/978-0-387-09823-4_34.
 */
export function labelRankingAveragePrecision({ relevance, scores }: RankedQuery): number {
  if (relevance.length === 0 || relevance.length !== scores.length) {
    throw new RangeError(`scores has ${scores.length} entries; expected ${relevance.length}, and at least one`);
  }
  const wrong = scores.findIndex(Number.isNaN);
  if (wrong >= 0) throw new RangeError(`scores[${wrong}] is NaN; expected a number`);
  const relevant = relevance.flatMap((value, i) => (value > 0 ? [i] : []));
  if (relevant.length === 0 || relevant.length === relevance.length) return 1;
  const shares = relevant.map((item) => {
    const hits = relevant.filter((other) => scores[other]! >= scores[item]!).length;
    return hits / scores.filter((score) => score >= scores[item]!).length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / relevant.length;
}
