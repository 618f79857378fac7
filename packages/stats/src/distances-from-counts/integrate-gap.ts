import { type BinnedSamples, cumulativeSharesOf } from "./cumulative-shares.ts";

export interface SupportedSamples extends BinnedSamples {
  /**
   * Ends of the support: where `min` is below the first boundary, no value of the first bin is below `min`; where `max` is
   * above the last boundary, no value of the last bin is above `max`. Otherwise, or where infinite, that bin is open.
   */
  readonly min: number;
  readonly max: number;
}

/** A distance as far as bins tell. */
export interface DistanceBounds {
  /** Values spread evenly over their bin, those of an open bin at its boundary. */
  readonly value: number;
  readonly lower: number;
  /** Null where an open bin holds rows: they may lie anywhere. */
  readonly upper: number | null;
}

/** What is integrated of a difference d of distribution functions: |d|, or d^2. */
export interface GapSize {
  of(gap: number): number;
  /** Its mean where d goes in a straight line from one value to another. */
  mean(from: number, to: number): number;
}

/**
 * Integral of a size of F - G, the distribution functions of two samples known by their counts only, with certified bounds.
 *
 * Over a bin of width w, F rises from F0 to F1 and G from G0 to G1 in unknown steps. The integral is at most w times the size of
 * max(F1 - G0, G1 - F0) (one sample at the bin's start, the other at its end) and at least w times that of max(0, G0 - F1, F0 - G1)
 * (both where they cross best).
 *
 * @throws RangeError where counts and boundaries do not fit, a boundary is infinite, min exceeds max, a count is negative or
 * not finite, or a side is empty.
 */
export function integrateGap(samples: SupportedSamples, size: GapSize): DistanceBounds {
  const { window, reference } = cumulativeSharesOf(samples);
  const edges = binEdges(samples);
  let value = 0;
  let lower = 0;
  let upper = 0;
  let open = false;
  for (let bin = 0; bin + 1 < window.length; bin++) {
    const start = { f: window[bin]!, g: reference[bin]! };
    const end = { f: window[bin + 1]!, g: reference[bin + 1]! };
    const width = edges[bin + 1]! - edges[bin]!;
    if (width === 0) {
      open ||= end.f > start.f || end.g > start.g;
      continue;
    }
    value += width * size.mean(start.f - start.g, end.f - end.g);
    lower += width * size.of(Math.max(0, start.g - end.f, start.f - end.g));
    upper += width * size.of(Math.max(end.f - start.g, end.g - start.f));
  }
  return {
    value: open ? Math.max(lower, value) : Math.min(upper, Math.max(lower, value)),
    lower,
    upper: open ? null : upper,
  };
}

/** Ends of all bins; an open bin has width 0. */
function binEdges({ boundaries, min, max }: SupportedSamples): number[] {
  if (!(min <= max)) throw new RangeError(`min is ${min}, max is ${max}; min is at most max`);
  if (!boundaries.every(Number.isFinite))
    throw new RangeError("boundaries holds an infinite one; widths must be finite");
  const anywhere = [min, max].find(Number.isFinite) ?? 0;
  const first = boundaries[0] ?? anywhere;
  const last = boundaries[boundaries.length - 1] ?? anywhere;
  const low = Number.isFinite(min) ? Math.min(first, min) : first;
  const high = Number.isFinite(max) ? Math.max(last, max) : last;
  return [low, ...boundaries, high];
}
