import { MAX_SLICES } from "@tidemark/schema";
import { fitPcaReconstruction, fitRandomSlices, type PcaReconstruction, type Slice } from "@tidemark/stats";
import { correlationsOf, pairCount } from "./correlations.ts";

export interface FittedMultivariate {
  readonly pca: PcaReconstruction;
  readonly slices: readonly Omit<Slice, "reference">[];
  /** Each feature with those before it. */
  readonly correlations: Float64Array;
}

/** Contrasts that come before random directions: where features that move together stop to, it shows there first. */
const MAX_CONTRASTS = 16;
const LEAST_CORRELATION = 0.3;
const SEED = 1;

/**
 * Fits what the joint distribution of a reference is kept by: principal components, and 40 directions with their quantile bins: the
 * contrast of each of the up to 16 most correlated pairs (at least 0.3), the others seeded at random, half of them of two features.
 *
 * @param scores of at least 200 rows (`scoredRow`); deterministic in their values and order.
 */
export function fitMultivariate(scores: readonly Float64Array[]): FittedMultivariate {
  const features = scores[0]!.length;
  const pca = fitPcaReconstruction(scores);
  const { values: correlations } = correlationsOf(features, scores);
  const leading = contrasts(features, correlations);
  const { slices } = fitRandomSlices(scores, { slices: MAX_SLICES, leading, seed: SEED });
  return { pca, correlations, slices: slices.map(({ direction, boundaries }) => ({ direction, boundaries })) };
}

function contrasts(features: number, correlations: Float64Array): Float64Array[] {
  const pairs = Array.from({ length: pairCount(features) }, (_, pair) => pair)
    .filter((pair) => Math.abs(correlations[pair]!) >= LEAST_CORRELATION)
    .sort((a, b) => Math.abs(correlations[b]!) - Math.abs(correlations[a]!) || a - b)
    .slice(0, MAX_CONTRASTS);
  const wanted = new Map(pairs.map((pair, place) => [pair, place]));
  const found: Float64Array[] = [];
  let pair = 0;
  for (let i = 1; i < features; i++) {
    for (let j = 0; j < i; j++, pair++) {
      const place = wanted.get(pair);
      if (place === undefined) continue;
      const direction = new Float64Array(features);
      direction[i] = Math.SQRT1_2;
      direction[j] = correlations[pair]! > 0 ? -Math.SQRT1_2 : Math.SQRT1_2;
      found[place] = direction;
    }
  }
  return found;
}
