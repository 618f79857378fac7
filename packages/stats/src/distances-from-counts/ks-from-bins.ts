import { type BinnedSamples, cumulativeSharesOf } from "./cumulative-shares.ts";

/** The Kolmogorov-Smirnov statistic as far as bins tell. */
export interface KsBounds {
  /** The largest difference of the distribution functions at a boundary: also the lower bound. */
  readonly value: number;
  readonly lower: number;
  /** What the raw values cannot exceed, however they lie in their bins; attained in the worst case. */
  readonly upper: number;
}

/**
 * Kolmogorov-Smirnov statistic sup |F - G| of two samples known by their counts only, with certified bounds.
 *
 * At boundaries both functions are known exactly. Inside a bin they can only rise from one end's value to the other's, so
 * the difference there is at most max(F_end - G_start, G_end - F_start). The interval is as wide as the largest bin share.
 *
 * @returns each in [0, 1].
 * @throws RangeError where counts and boundaries do not fit, a count is negative or not finite, or a side is empty.
 */
export function ksFromBins(samples: BinnedSamples): KsBounds {
  const { window, reference } = cumulativeSharesOf(samples);
  let lower = 0;
  let upper = 0;
  for (let bin = 0; bin + 1 < window.length; bin++) {
    lower = Math.max(lower, Math.abs(window[bin + 1]! - reference[bin + 1]!));
    upper = Math.max(upper, window[bin + 1]! - reference[bin]!, reference[bin + 1]! - window[bin]!);
  }
  return { value: lower, lower, upper };
}
