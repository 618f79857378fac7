import { sumOf } from "../descriptive/sum-of.ts";
import { distributionGaps, type WeightedSample } from "./distribution-gaps.ts";

/**
 * Wasserstein-1 (earth mover's) distance of two samples: the integral of |F_x - F_y|, in the unit of the values.
 *
 * @param x raw values, optionally with weights of at least 0.
 * @param y as x.
 * @returns at least 0; infinite where an infinite value has weight. O(n log n).
 * @throws RangeError naming the sample that is empty or holds NaN, or its weights.
 * Source: S. S. Vallender, Theory of Probability and Its Applications 18 (1974), doi:10.1137/1118101.
 * @example wassersteinDistance({ values: [0, 1] }, { values: [1, 2] }) // 1
 */
export function wassersteinDistance(x: WeightedSample, y: WeightedSample): number {
  const { count, widths, differences } = distributionGaps(x, y);
  return sumOf(count, (i) => Math.abs(differences[i]!) * widths[i]!);
}
