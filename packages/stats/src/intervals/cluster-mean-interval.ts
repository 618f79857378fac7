import { studentQuantile } from "../distributions/quantiles.ts";

/** Consecutive observations that may depend on each other: how many, and the sum of their values. */
export interface Cluster {
  readonly count: number;
  readonly sum: number;
}

export interface ClusterMean {
  readonly mean: number;
  /** Null with fewer than MIN_CLUSTERS clusters. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly clusters: number;
}

/** Below it a variance of clusters is hardly known. */
const MIN_CLUSTERS = 5;

/**
 * Mean over clusters of unequal size with an interval that allows for any dependence within a cluster:
 * mean = sum s_c / sum n_c, variance C / (C - 1) sum (s_c - mean n_c)^2 / (sum n_c)^2 (linearised ratio), Student's t with
 * C - 1 degrees of freedom. Approximate: clusters must be independent of each other, and not few.
 *
 * @param clusters those without an observation are left out.
 * @param alpha 1 - confidence, in (0, 1).
 * @returns null where there is no observation.
 * Source: W. G. Cochran, Sampling Techniques (3rd ed., 1977), section 6.4.
 * @example clusterMeanInterval([1, 2, 3, 4, 5].map((sum) => ({ count: 1, sum }))) // mean 3, 1.0367 to 4.9633
 */
export function clusterMeanInterval(clusters: readonly Cluster[], alpha = 0.05): ClusterMean | null {
  const filled = clusters.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const mean = filled.reduce((sum, each) => sum + each.sum, 0) / total;
  if (filled.length < MIN_CLUSTERS) return { mean, lower: null, upper: null, clusters: filled.length };
  const squares = filled.reduce((sum, each) => sum + (each.sum - mean * each.count) ** 2, 0);
  const error = Math.sqrt((filled.length / (filled.length - 1)) * squares) / total;
  const half = studentQuantile(1 - alpha / 2, filled.length - 1) * error;
  return { mean, lower: mean - half, upper: mean + half, clusters: filled.length };
}
