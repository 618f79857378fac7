import { type DistanceBounds, type GapSize, integrateGap, type SupportedSamples } from "./integrate-gap.ts";

const SQUARE: GapSize = {
  of(gap) {
    return gap * gap;
  },
  mean(from, to) {
    return (from * from + from * to + to * to) / 3;
  },
};

/**
 * Energy distance sqrt(2 x the integral of (F - G)^2), as `energyDistance` has it, of two samples known by their counts only, in units
 * of the square root of the values', with certified bounds: that of the raw values lies between `lower` and `upper` (see `integrateGap`).
 *
 * @throws RangeError where counts and boundaries do not fit, a boundary is infinite, min exceeds max, a count is negative or
 * not finite, or a side is empty.
 * Source: G. Szekely, M. Rizzo, J. Stat. Plan. Inference 143 (2013), doi:10.1016/j.jspi.2013.03.018.
 */
export function energyFromBins(samples: SupportedSamples): DistanceBounds {
  const { value, lower, upper } = integrateGap(samples, SQUARE);
  return { value: rootOf(value), lower: rootOf(lower), upper: upper === null ? null : rootOf(upper) };
}

function rootOf(integral: number): number {
  return Math.sqrt(2 * integral);
}
