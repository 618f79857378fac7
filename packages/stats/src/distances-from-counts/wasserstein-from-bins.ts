import { type DistanceBounds, type GapSize, integrateGap, type SupportedSamples } from "./integrate-gap.ts";

const ABSOLUTE: GapSize = {
  of(gap) {
    return Math.abs(gap);
  },
  mean(from, to) {
    const size = Math.abs(from) + Math.abs(to);
    if (size === 0) return 0;
    return from * to >= 0 ? size / 2 : (from * from + to * to) / (2 * size);
  },
};

/**
 * First Wasserstein distance, the integral of |F - G|, of two samples known by their counts only, in units of the values, with certified
 * bounds: the distance of the raw values lies between `lower` and `upper`, and may be as close to either as one likes (see `integrateGap`).
 *
 * @throws RangeError where counts and boundaries do not fit, a boundary is infinite, min exceeds max, a count is negative or
 * not finite, or a side is empty.
 */
export function wassersteinFromBins(samples: SupportedSamples): DistanceBounds {
  return integrateGap(samples, ABSOLUTE);
}
