import { sumOf } from "../descriptive/sum-of.ts";
import { distributionGaps, type WeightedSample } from "./distribution-gaps.ts";

/**
 * Energy distance of two samples: sqrt(2 integral of (F_x - F_y)^2) = sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|).
 *
 * @param x raw values, optionally with weights of at least 0.
 * @param y as x.
 * @returns at least 0, in the square root of the unit; infinite where an infinite value has weight. O(n log n).
 * @throws RangeError naming the sample that is empty or holds NaN, or its weights.
 * Source: G. J. Székely, M. L. Rizzo, J. Statist. Plann. Inference 143 (2013), doi:10.1016/j.jspi.2013.03.018.
 * @example energyDistance({ values: [0] }, { values: [1] }) // 1.4142
 */
export function energyDistance(x: WeightedSample, y: WeightedSample): number {
  const { count, widths, differences } = distributionGaps(x, y);
  return Math.sqrt(2 * sumOf(count, (i) => differences[i]! ** 2 * widths[i]!));
}
